import Formats
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

  /// One that is kept for a step.
  public func checkpoint(step: Int) -> String { checkpoints + "/step-\(step).safetensors" }

  /// Whether a run was begun here.
  public var isUsed: Bool { FileManager.default.fileExists(atPath: resolvedConfiguration) }

  /// Whether there is a checkpoint to continue from.
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: last) }

  /// Makes the folders.
  public func create() throws(FormatError) {
    do {
      try FileManager.default.createDirectory(
        atPath: checkpoints, withIntermediateDirectories: true)
    } catch {
      throw FormatError(
        .cannotCreate, file: checkpoints, "cannot create: \(error.localizedDescription)")
    }
  }

  /// Forgets the run that was here, for one that begins anew.
  public func clear() throws(FormatError) {
    do {
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
    } catch {
      throw FormatError(.cannotCreate, file: path, "cannot remove: \(error.localizedDescription)")
    }
    try create()
  }
}
