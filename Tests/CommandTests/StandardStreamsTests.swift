import Foundation
import Testing

/// Every command with its standard streams closed, full or without a reader.
@Suite struct StandardStreamsTests {
  /// What a command does with standard output where nothing goes wrong.
  private enum Results { case printed, none }

  private static let commands: [([String], Results)] = [
    (["--help"], .printed), (["--version"], .printed), (["train", "--help"], .printed),
    (["layers"], .printed), (["layers", "lstm"], .printed), (["completion", "bash"], .printed),
    (["schema", "train"], .printed), (["schema", "model"], .printed),
    (["summary", "run.json"], .printed), (["summary", "run.json", "--json"], .printed),
    (["summary", "run.json", "--plan"], .printed),
    (["train", "run.json", "--dry-run"], .printed),
    (["train", "run.json", "--output", "again", "--overwrite"], .none),
    (["eval", "run", "--split", "train"], .printed),
    (["eval", "run", "--split", "train", "--json"], .printed),
    (["predict", "run", "--split", "train"], .printed),
    (["encode", "run", "--layer", "flat", "--split", "train", "--output", "flat.npy"], .none),
    (["reconstruct", "pca", "--split", "train"], .printed),
    (["generate", "text", "--prompt", "a", "--tokens", "3"], .printed),
    (["generate", "made", "--count", "2", "--output", "made.npy"], .none),
    (
      ["pca", "run.json", "--components", "2", "--output", "pca-again", "--overwrite"], .printed
    ),
    (["score", "text.txt", "--references", "text.txt"], .printed),
    (["score", "text.txt", "--references", "text.txt", "--json"], .printed),
    (["tokenize", "train", "--text", "text.txt", "--output", "tokens.json"], .none),
    (["tokenize", "encode", "tokens.json"], .printed),
    (["tokenize", "decode", "tokens.json"], .printed),
  ]

  private static let text = """
    {"data": {"train": {"type": "text", "path": "text.txt", "length": 4}},
     "model": {"inputs": {"tokens": [4]},
               "layers": [{"type": "embedding", "input_dim": 5, "output_dim": 3},
                          {"type": "simple_rnn", "units": 3, "return_sequences": true},
                          {"type": "dense", "name": "logits", "units": 5}]},
     "training": {"epochs": 1, "batch_size": 2, "optimizer": {"type": "sgd", "learning_rate": 0.1},
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"}}}
    """

  /// Trained models of every kind that a command needs.
  private func folder() throws -> TemporaryFolder {
    let folder = try TinyRuns.trained(WrongConfig.good)
    try folder.write("text.txt", String(repeating: "a b c\n", count: 8))
    try folder.write("text.json", Self.text)
    try folder.write(
      "made.json",
      GenerationTests.conditional.replacingOccurrences(of: "SAMPLES", with: ""))
    for arguments in [
      ["train", "text.json", "--output", "text", "--quiet"],
      ["train", "made.json", "--output", "made", "--quiet"],
      ["pca", "run.json", "--components", "2", "--output", "pca"],
      ["tokenize", "train", "--text", "text.txt", "--output", "tokens.json"],
    ] { _ = try TinyRuns.run(arguments, in: folder) }
    try folder.write("lines", "[1, 2]\n")
    return folder
  }

  /// Runs a command by a shell that redirects its streams; its exit code.
  private func run(
    _ arguments: [String], _ redirection: String, in folder: TemporaryFolder
  ) throws -> Int32 {
    let shell = URL(fileURLWithPath: "/bin/sh")
    return try Dlcli.run(
      shell, ["-c", "\"$0\" \"$@\" <lines \(redirection)", try Dlcli.binary().path] + arguments,
      in: folder.url
    ).status
  }

  @Test("Results that cannot be written are an error of every command", .timeLimit(.minutes(3)))
  func output() throws {
    let folder = try folder()
    for (arguments, results) in Self.commands {
      #expect(try run(arguments, "", in: folder) == 0, "\(arguments)")
      for redirection in [">/dev/full", ">&-", ">/dev/full 2>&1", ">&- 2>&-"] {
        let status = try run(arguments, redirection, in: folder)
        #expect(status == (results == .printed ? 74 : 0), "\(arguments) \(redirection)")
      }
    }
  }

  @Test("Nobody needs to read what a person is told", .timeLimit(.minutes(3))) func error() throws {
    let folder = try folder()
    let wrong = [
      ["train", "nowhere.json"], ["layers", "nothing"], ["predict"], ["eval", "run.json"],
    ]
    for arguments in Self.commands.map(\.0) + wrong {
      let status = try run(arguments, "", in: folder)
      for redirection in ["2>/dev/full", "2>&-", "2>&- 0>&-"] {
        let other = try run(arguments, redirection, in: folder)
        #expect(other == status || redirection.contains("0>"), "\(arguments) \(redirection)")
        #expect(other < 128, "\(arguments) \(redirection)")
      }
    }
  }

  @Test("A reader that went away ends a command as a shell expects it") func pipe() throws {
    let folder = try folder()
    for (arguments, results) in Self.commands {
      let status = try runWithoutReader(arguments, in: folder)
      #expect(status == (results == .printed ? SIGPIPE : 0), "\(arguments)")
      let errors = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
      #expect(!errors.contains("error:"), "\(arguments)")
    }
  }

  /// The same with a pipe for standard output whose reader has gone before anything is written.
  private func runWithoutReader(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = try Dlcli.binary()
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let pipe = Pipe()
    process.standardOutput = pipe
    try Data().write(to: folder.url.appendingPathComponent("errors"))
    process.standardError = try FileHandle(
      forWritingTo: folder.url.appendingPathComponent("errors"))
    process.standardInput = try FileHandle(
      forReadingFrom: folder.url.appendingPathComponent("lines"))
    try pipe.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// What a run must leave, whoever reads what it tells.
  private func expectWhole(_ run: String, in folder: TemporaryFolder) throws {
    let summary = try String(contentsOfFile: folder.path("\(run)/summary.json"), encoding: .utf8)
    #expect(summary.contains("\"status\": \"finished\""))
    let lines = try String(contentsOfFile: folder.path("\(run)/metrics.jsonl"), encoding: .utf8)
    for line in lines.split(separator: "\n") { #expect(line.hasPrefix("{\"ts\"")) }
    _ = try TinyRuns.run(["eval", run, "--split", "train"], in: folder)
  }

  @Test("A run with closed streams writes the files of any other")
  func whole() throws {
    let folder = try folder()
    for (number, redirection) in [
      "2>&-", "2>/dev/full", ">&- 2>&- <&-", "--log-format json 2>&-", "2>&1 | true",
    ].enumerated() {
      let status = try run(
        [
          "train", "run.json", "--output", "run-\(number)", "--set", "training.epochs=20",
          "--set", "training.optimizer.learning_rate=1e-6",
        ], redirection, in: folder)
      #expect(status == 0, "\(redirection)")
      try expectWhole("run-\(number)", in: folder)
      let last = "checkpoints/last.safetensors"
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder.path("run-0/\(last)"), andPath: folder.path("run-\(number)/\(last)")))
    }
  }

  @Test("A terminal that goes away stops a run with a checkpoint") func terminal() throws {
    let folder = try folder()
    // The two sides of a pseudo-terminal (pty(7), ioctl_tty(2)): TIOCSPTLCK unlocks it, TIOCGPTN tells its number.
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number): (Int32, Int32) = (0, 0)
    let isOpen =
      ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0
    #expect(isOpen)
    let name = "/dev/pts/\(number)"
    let process = Process()
    process.executableURL = try Dlcli.binary()
    process.arguments = [
      "train", "run.json", "--output", "gone", "--set", "training.epochs=100000000",
      "--set", "training.optimizer.learning_rate=1e-9",
    ]
    process.currentDirectoryURL = folder.url
    let side = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(side >= 0)
    process.standardError = FileHandle(fileDescriptor: side, closeOnDealloc: true)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    close(side)
    while !FileManager.default.fileExists(atPath: folder.path("gone/checkpoints/last.safetensors"))
    {
      Thread.sleep(forTimeInterval: 0.01)
    }
    close(terminal)
    // Without its terminal it goes on; the shell that goes with the terminal says so by this signal.
    Thread.sleep(forTimeInterval: 0.5)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGHUP)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    let summary = try String(contentsOfFile: folder.path("gone/summary.json"), encoding: .utf8)
    #expect(summary.contains("\"status\": \"interrupted\""))
  }
}
