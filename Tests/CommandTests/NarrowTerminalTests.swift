import Foundation
import Testing

/// What commands print on terminals of few columns.
@Suite struct NarrowTerminalTests {
  /// What a command writes to a terminal, and the code it ends with.
  private func shown(
    _ arguments: [String], columns: Int, environment: [String: String] = [:],
    in folder: URL = Dlcli.root
  ) throws -> (text: String, status: Int32) {
    var (master, slave) = (Int32(0), Int32(0))
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    let process = Process()
    process.executableURL = try Dlcli.binary()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "TERM": "xterm"]
      .merging(environment) { _, new in new }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    (process.standardOutput, process.standardError) = (terminal, terminal)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    try terminal.close()
    // A terminal whose other end is closed cannot be read any more.
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    close(master)
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    return (text, process.terminationStatus)
  }

  @Test("Tables and manuals fit into terminals of 40 and 60 columns", arguments: [40, 60])
  func columns(_ width: Int) throws {
    for command in [
      ["summary", "configs/digits-convnet.json"], ["layers"], ["layers", "conv2d"],
      ["layers", "table"], ["--help"], ["generate", "--help"],
    ] {
      let (text, status) = try shown(command, columns: width)
      #expect(status == 0 && !text.contains("\r"), "\(command)")
      let plain = try Dlcli.run(command, environment: ["COLUMNS": "\(width)"])
      // The help wraps as its library does.
      if command.last != "--help" {
        let words = { (text: String) in text.filter { !$0.isWhitespace && $0 != "-" }.sorted() }
        #expect(words(text) == words(plain.stdout), "\(command)")
      }
      for line in text.split(separator: "\n") where line.count > width {
        #expect(
          line.split(separator: " ").count == 1
            || command.last == "--help" && ["USAGE", "  See "].contains(where: line.hasPrefix),
          "\(command): \(line)")
      }
    }
  }

  @Test("A narrower terminal changes no file and no pipe") func pipes() throws {
    for command in [["summary", "configs/digits-convnet.json"], ["layers"], ["layers", "table"]] {
      let wide = try Dlcli.run(command, environment: ["COLUMNS": "200"])
      let narrow = try Dlcli.run(command, environment: ["COLUMNS": "40"])
      #expect(wide.stdout == narrow.stdout && wide.status == 0)
    }
  }

  @Test("Progress stays in one line of the terminal", arguments: [20, 40, 60])
  func progress(_ width: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try folder.write("run.json", WrongConfig.good)
    let (text, status) = try shown(
      [
        "train", "run.json", "--output", "run", "--threads", "1", "--set",
        "training.epochs=20000", "--set", "training.optimizer.learning_rate=0", "--max-time", "2s",
      ], columns: width, in: folder.url)
    #expect(status == 0 || status == 75, "\(text.suffix(500))")
    let drawn = text.split(separator: "\r\u{1B}[K").dropFirst()
      .map { $0.prefix { $0 != "\n" } }.filter { $0.contains("/2 ") || $0.hasSuffix("/2") }
    #expect(drawn.allSatisfy { $0.count < width }, "\(drawn.filter { $0.count >= width })")
    #expect(!drawn.isEmpty)
  }
}
