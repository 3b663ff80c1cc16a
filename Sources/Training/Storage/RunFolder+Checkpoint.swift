import Foundation

extension RunFolder {
  /// The checkpoint that a path means: the file itself, or the best of a run's folder, or its last.
  public static func checkpoint(at path: String) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { return path }
    let folder = RunFolder(path)
    return FileManager.default.fileExists(atPath: folder.best) ? folder.best : folder.last
  }
}
