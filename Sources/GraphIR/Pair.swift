public import Settings

/// A height and a width, written as one number for both or as two: `3`, `[3, 5]`.
public struct Pair: SettingValue {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The same for both.
  public init(_ both: Int) { self.init(both, both) }

  public static var expectation: String { "an integer or [height, width]" }
  public static var schema: JSON {
    [
      "anyOf": [
        Int.schema,
        ["type": "array", "items": Int.schema, "minItems": 2, "maxItems": 2],
      ]
    ]
  }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Pair? {
    if case .integer(let both) = json.content { return Pair(both) }
    guard let elements = json.elements, elements.count == 2,
      let values = [Int].read(json, at: path, &problems)
    else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return Pair(values[0], values[1])
  }
  public var json: JSON {
    height == width ? height.json : [height.json, width.json]
  }
}

extension Bounds where Value == Pair {
  /// Both in a range.
  public static func bothWithin(_ range: ClosedRange<Int>) -> Bounds {
    Bounds("each from \(range.lowerBound) to \(range.upperBound)") {
      range.contains($0.height) && range.contains($0.width)
    }
  }
}
