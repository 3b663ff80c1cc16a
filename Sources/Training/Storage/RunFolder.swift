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

  /// One that is kept for a step.
  public func checkpoint(step: Int) -> String { checkpoints + "/step-\(step).safetensors" }

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

  /// Forgets the run that was here, for one that begins anew; the folder itself stays, for it holds the lock.
  ///
  /// Throws: `FormatError` for a folder that is not empty and holds no run: it has something else.
  public func clear() throws(FormatError) {
    let names = try Directory.contents(of: path)
    guard isUsed || names.allSatisfy({ $0 == "checkpoints" }) else {
      throw FormatError(
        .cannotCreate, file: path, "holds no run but other files, which --overwrite leaves alone")
    }
    for name in names { try Directory.remove(path + "/" + name) }
    try create()
  }
}
