public import Settings

/// One file, or several that belong together.
public struct FilePaths: SettingValue {
  public var list: [FilePath]

  public init(_ list: [FilePath] = []) { self.list = list }

  /// The same files by absolute paths.
  var anchored: FilePaths { FilePaths(list.map(\.anchored)) }

  public static var expectation: String { "the path of a file, or a list of them" }
  public static var schema: JSON {
    ["anyOf": [FilePath.schema, ["type": "array", "minItems": 1, "items": FilePath.schema]]]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    if json.string != nil {
      return FilePath.read(json, at: path, &problems).map { FilePaths([$0]) }
    }
    guard let elements = json.elements, !elements.isEmpty else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return [FilePath].read(json, at: path, &problems).map(FilePaths.init)
  }

  public var json: JSON { list.count == 1 ? list[0].json : list.json }
}
