import Glibc

/// The path of a file, relative to the file of settings in which it stands.
///
/// It keeps the place it was read from, so it means the same wherever the program is started, and so a file that another
/// one extends names its own neighbours. One that no file holds is relative to the working directory.
public struct FilePath: SettingValue {
  /// The path as it is written.
  public let text: String
  /// Where it is written.
  public let place: Place?
  /// The keys that lead to it, for messages.
  public let keys: String

  public init(_ text: String, at place: Place? = nil, keys: String = "") {
    self.text = text
    self.place = place
    self.keys = keys
  }

  /// The path to open: `text` itself where it is absolute, else behind the directory of the file that holds it.
  public var resolved: String {
    guard !text.hasPrefix("/"), let file = place?.file,
      let slash = file.lastIndex(of: "/")
    else { return text }
    return String(file[...slash]) + text
  }

  /// The same file by an absolute path, which means it wherever it is written next, such as in a checkpoint.
  public var anchored: FilePath {
    let path = resolved
    guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return FilePath(path) }
    defer { free(directory) }
    return FilePath(String(cString: directory) + "/" + path)
  }

  public static var expectation: String { "the path of a file" }
  public static var schema: JSON { ["type": "string", "minLength": 1] }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> FilePath? {
    guard let text = json.string, !text.isEmpty, !text.utf8.contains(0) else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return FilePath(text, at: json.place, keys: path)
  }

  public var json: JSON { JSON(.string(text), at: place) }

  /// Equal when both open the same path.
  public static func == (one: FilePath, other: FilePath) -> Bool { one.resolved == other.resolved }
}
