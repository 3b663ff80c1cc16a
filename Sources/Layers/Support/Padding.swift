public import Settings

/// How many zeros (or, for pooling, pixels that do not take part) lie around an image.
///
/// Written `"valid"` (none), `"same"`, one number for all sides, `[height, width]` or `[top, bottom, left, right]`.
public enum Padding: SettingValue {
  /// None: every window lies in the image.
  case valid
  /// So many that a stride of 1 keeps the extent and one of s divides it by s, rounded up; an odd one out lies below
  /// and to the right, as in TensorFlow.
  case same
  /// So many.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)

  /// The most that may be asked for on one side.
  private static let limit = 1 << 20

  public static var expectation: String {
    "\"valid\", \"same\", a number of pixels, [height, width] or [top, bottom, left, right]"
  }

  public static var schema: JSON {
    let number: JSON = ["type": "integer", "minimum": 0, "maximum": JSON(.integer(limit))]
    return [
      "anyOf": [
        ["enum": ["valid", "same"]], number,
        ["type": "array", "items": number, "minItems": 2, "maxItems": 2],
        ["type": "array", "items": number, "minItems": 4, "maxItems": 4],
      ]
    ]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Padding? {
    if json == "valid" { return .valid }
    if json == "same" { return .same }
    let numbers = (json.elements ?? [json]).compactMap { element -> Int? in
      guard case .integer(let number) = element.content, (0...limit).contains(number) else {
        return nil
      }
      return number
    }
    if numbers.count == json.elements?.count ?? 1 {
      switch numbers.count {
      case 1 where json.elements == nil:
        return .explicit(top: numbers[0], bottom: numbers[0], left: numbers[0], right: numbers[0])
      case 2:
        return .explicit(top: numbers[0], bottom: numbers[0], left: numbers[1], right: numbers[1])
      case 4:
        return .explicit(top: numbers[0], bottom: numbers[1], left: numbers[2], right: numbers[3])
      default: break
      }
    }
    problems.expected(expectation, got: json, path: path)
    return nil
  }

  public var json: JSON {
    switch self {
    case .valid: "valid"
    case .same: "same"
    case .explicit(let top, let bottom, let left, let right):
      JSON(.array([top, bottom, left, right].map { JSON(.integer($0)) }))
    }
  }
}
