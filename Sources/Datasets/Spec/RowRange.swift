public import Settings

/// Which rows of a file a split takes: `[start, end]`, from `start` to before `end`, counted from 0.
///
/// A negative number counts from the end, and `null` as the end means the end: `[0, 55000]`, `[-5000, null]`.
public struct RowRange: SettingValue {
  public let start: Int
  /// The row after the last; nil for the end of the file.
  public let end: Int?
  private let place: Place?
  private let keys: String

  public init(_ start: Int, _ end: Int?, at place: Place? = nil, keys: String = "") {
    self.start = start
    self.end = end
    self.place = place
    self.keys = keys
  }

  /// The rows meant in a file of `count` rows.
  ///
  /// Throws: `Problems` where the file has not all of them, or where they are none.
  public func rows(of count: Int) throws(Problems) -> Range<Int> {
    let first = start < 0 ? count + start : start
    let last = end.map { $0 < 0 ? count + $0 : $0 } ?? count
    guard first >= 0, first < last, last <= count else {
      throw Problems(
        Problem(
          "expected rows within the \(count) that there are, got \(text)", path: keys, at: place))
    }
    return first..<last
  }

  private var text: String { "[\(start), \(end.map(String.init) ?? "null")]" }

  public static var expectation: String { "the first row and the row after the last: [0, 5000]" }
  public static var schema: JSON {
    [
      "type": "array", "minItems": 2, "maxItems": 2,
      "items": [["type": "integer"], ["type": ["integer", "null"]]],
    ]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let elements = json.elements, elements.count == 2,
      case .integer(let start) = elements[0].content
    else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    switch elements[1].content {
    case .integer(let end): return RowRange(start, end, at: json.place, keys: path)
    case .null: return RowRange(start, nil, at: json.place, keys: path)
    default:
      problems.expected("an integer or null", got: elements[1], path: Settings.path(path, 1))
      return nil
    }
  }

  public var json: JSON {
    JSON(.array([start.json, end?.json ?? JSON(.null)]), at: place)
  }

  /// Equal rows; the places do not count.
  public static func == (one: RowRange, other: RowRange) -> Bool {
    one.start == other.start && one.end == other.end
  }
}
