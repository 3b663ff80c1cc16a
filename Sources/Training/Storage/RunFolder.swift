public import Formats
import Foundation

/// The folder of a run and what lies where in it.
public struct RunFolder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var checkpoints: String { path + "/checkpoints" }
  /// The newest checkpoint, which `--resume` continues from.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The one that did best on the validation data.
  public var best: String { checkpoints + "/best.safetensors" }
  public var resolvedConfiguration: String { path + "/config.resolved.json" }
  public var metrics: String { path + "/metrics.jsonl" }
  public var metricsTable: String { path + "/metrics.csv" }
  public var summary: String { path + "/summary.json" }

  /// Pictures of what the model makes, epoch after epoch.
  public var samples: String { path + "/samples" }

  /// A picture of a step; `name` says of what.
  public func sample(_ name: String, step: Int) -> String { "\(samples)/\(name)-step-\(step).png" }

  /// A checkpoint that is kept for a step.
  public func checkpoint(step: Int) -> String { checkpoints + "/step-\(step).safetensors" }

  /// The folder of a run that none was chosen for.
  public static func standard(for name: String) -> RunFolder { RunFolder("runs/\(name)") }

  /// Whether a run was begun here.
  public var isUsed: Bool { FileManager.default.fileExists(atPath: resolvedConfiguration) }

  /// Whether there is a checkpoint to continue from.
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: last) }

  /// Makes the folders.
  public func create() throws(FormatError) {
    try Directory.create(checkpoints)
  }

  /// Makes the folders, for this process alone, and removes what killed ones left half written.
  ///
  /// Throws: `FormatError` where they cannot be made, or where another process trains here.
  public func lock() throws(FormatError) -> DirectoryLock {
    try create()
    let lock = try DirectoryLock(path)
    if lock.isHeld {
      for directory in [path, checkpoints] { AtomicFile.removeLeftovers(in: directory) }
    }
    return lock
  }

  /// The files here that runs write, found by their names; whatever else lies in the folder is somebody's own.
  private var files: [String] {
    func isNumbered(_ name: String, _ pattern: Regex<Substring>) -> Bool {
      name.wholeMatch(of: pattern) != nil
    }
    let fixed = [resolvedConfiguration, metrics, metricsTable, summary, last, best]
    let events = Directory.names(in: path).filter(EventFile.isNamed).map { "\(path)/\($0)" }
    let steps = Directory.names(in: checkpoints)
      .filter { isNumbered($0, /step-[0-9]+\.safetensors/) }.map { "\(checkpoints)/\($0)" }
    let pictures = Directory.names(in: samples)
      .filter { isNumbered($0, /.+-step-[0-9]+\.png/) }.map { "\(samples)/\($0)" }
    return fixed.filter(FileManager.default.fileExists) + events + steps + pictures
  }

  /// Throws: `FormatError` where the folder holds no run but a file of somebody's own that a run would write to.
  public func checkNamesAreFree() throws(FormatError) {
    guard !isUsed, let file = files.first else { return }
    throw FormatError(
      .cannotCreate, file: file,
      "a run would write to this file, which is of no run; --output takes another folder")
  }

  /// Forgets the run that was here, for one that begins anew: removes the files that runs write and nothing else.
  ///
  /// - Parameter inputs: files that the new run reads.
  /// Throws: `FormatError` for a folder that is not empty and holds no run, where one of `inputs` would go, and where
  /// a file cannot be removed.
  public func clear(readBy inputs: [String] = []) throws(FormatError) {
    let names = try Directory.contents(of: path)
    guard isUsed || names.allSatisfy({ $0 == "checkpoints" }) else {
      throw FormatError(
        .cannotCreate, file: path, "holds no run but other files, which --overwrite leaves alone")
    }
    try checkNamesAreFree()
    let files = files
    let read = Set(inputs.map(Self.withoutLinks))
    if let input = files.first(where: { read.contains(Self.withoutLinks($0)) }) {
      throw FormatError(
        .cannotCreate, file: input,
        "the new run reads this file, which --overwrite would remove with the run that it is of; "
          + "--output takes another folder")
    }
    for file in files { try Directory.remove(file) }
    for directory in [checkpoints, samples] { Directory.removeIfEmpty(directory) }
    try create()
  }

  private static func withoutLinks(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
