import Foundation
import Testing

/// The built command, run as a user runs it.
enum Dlcli {
  struct Result {
    let status: Int32
    let stdout: String
    let stderr: String
  }

  struct Absent: Error, CustomStringConvertible {
    let places: [String]
    var description: String { "no command to test; looked at \(places.joined(separator: ", "))" }
  }

  /// The root of the package.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The binary beside the test bundle, else the release build's.
  static func binary(_ name: String = "dlcli") throws -> URL {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let places = [bundle, root.appendingPathComponent(".build/release")]
      .map { $0.appendingPathComponent(name) }
    guard
      let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else { throw Absent(places: places.map(\.path)) }
    return found
  }

  /// Runs the command to its end, or until `kill` seconds have passed (since `file` was there), when it
  /// gets `signal`.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL = root,
    kill: Double? = nil, after file: String? = nil, signal: Int32 = SIGKILL
  ) throws -> Result {
    try run(
      binary(), arguments, environment: environment, in: folder, kill: kill, after: file,
      signal: signal)
  }

  /// Runs the command with an address space of so many megabytes.
  static func run(
    _ arguments: [String], megabytes: Int, in folder: URL = root
  ) throws -> Result {
    try run(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "ulimit -v \(megabytes)000 && exec \"$0\" \"$@\"", binary().path] + arguments,
      in: folder)
  }

  static func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    in folder: URL = root, kill seconds: Double? = nil, after file: String? = nil,
    signal: Int32 = SIGKILL
  ) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Tests at a lower vector level are of commands at that level.
    let level = ProcessInfo.processInfo.environment["DLCLI_VECTORS"]
    process.environment = ["PATH": "/usr/bin:/bin", "CI": "true", "DLCLI_VECTORS": level ?? ""]
      .merging(environment) { _, new in new }
    // Files, not pipes: nothing has to be drained while the command runs.
    let scratch = try TemporaryFolder()
    let (out, err) = (
      scratch.url.appendingPathComponent("out"), scratch.url.appendingPathComponent("err")
    )
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    // The child inherits what its parent blocks, and must be stopped by SIGTERM all the same.
    var (signals, before) = (sigset_t(), sigset_t())
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    try process.run()
    pthread_sigmask(SIG_SETMASK, &before, nil)
    if let seconds {
      while let file, process.isRunning, !FileManager.default.fileExists(atPath: file) {
        Thread.sleep(forTimeInterval: 0.001)
      }
      Thread.sleep(forTimeInterval: seconds)
      if process.isRunning { _ = Foundation.kill(process.processIdentifier, signal) }
    }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      stdout: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      stderr: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }
}

/// A folder that goes when it is no longer held.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("dlcli-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

/// Compares a text with the one on record, which DLCLI_UPDATE_SNAPSHOTS=1 writes anew.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots/\(name)")
  if ProcessInfo.processInfo.environment["DLCLI_UPDATE_SNAPSHOTS"] == "1" {
    try Data(text.utf8).write(to: file)
  }
  let recorded = try String(contentsOf: file, encoding: .utf8)
  #expect(text == recorded, "differs from \(name)", sourceLocation: sourceLocation)
}
