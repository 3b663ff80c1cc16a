/// What a value must satisfy beyond its type, said once for reading, for the manual and for the schema.
public struct Bounds<Value: SettingValue>: Sendable {
  /// For "expected ...": "at least 1".
  public let text: String
  /// The same in JSON Schema's words.
  public let schema: [JSON.Member]
  let holds: @Sendable (Value) -> Bool

  /// A condition of its own; `schema` is what JSON Schema can say of it.
  public init(
    _ text: String, schema: [JSON.Member] = [], holds: @escaping @Sendable (Value) -> Bool
  ) {
    self.text = text
    self.schema = schema
    self.holds = holds
  }
}

extension Bounds where Value: Comparable {
  public static func atLeast(_ bound: Value) -> Bounds {
    Bounds("at least \(bound.json.shown)", schema: [.init("minimum", bound.json)]) { $0 >= bound }
  }

  public static func above(_ bound: Value) -> Bounds {
    Bounds("above \(bound.json.shown)", schema: [.init("exclusiveMinimum", bound.json)]) {
      $0 > bound
    }
  }

  public static func within(_ range: ClosedRange<Value>) -> Bounds {
    Bounds(
      "from \(range.lowerBound.json.shown) to \(range.upperBound.json.shown)",
      schema: [.init("minimum", range.lowerBound.json), .init("maximum", range.upperBound.json)]
    ) { range.contains($0) }
  }

  /// From the lower bound to below the upper one.
  public static func within(_ range: Range<Value>) -> Bounds {
    Bounds(
      "at least \(range.lowerBound.json.shown) and below \(range.upperBound.json.shown)",
      schema: [
        .init("minimum", range.lowerBound.json),
        .init("exclusiveMaximum", range.upperBound.json),
      ]
    ) { range.contains($0) }
  }
}

extension Bounds {
  /// The bounds of each element of a list.
  public static func each<Element: SettingValue>(_ bounds: Bounds<Element>) -> Bounds
  where Value == [Element] {
    Bounds("each \(bounds.text)", schema: [.init("items", JSON(.object(bounds.schema)))]) {
      $0.allSatisfy(bounds.holds)
    }
  }
}
