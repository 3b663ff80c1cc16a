public import Settings
public import TensorCore

/// y = x · multiply / divide + add
public struct Scale: Transform {
  public var field = PlacedName("")
  public var multiply = 1.0
  public var divide = 1.0
  public var add = 0.0

  public init() {}

  public static let type = "scale"
  public static let manual = """
    Multiplies a field by a factor and adds a number.

    y = x · multiply / divide + add, with multiply / divide rounded to a Float once. Bytes become numbers in [0, 1] by
    {"type": "scale", "field": "image", "divide": 255}, and in [-1, 1] by "divide": 127.5, "add": -1.
    """
  public static let fields: [Field<Scale>] = [
    Field("field", \.field, required: true, "the field to change").example("image"),
    Field("multiply", \.multiply, "what the values are multiplied by"),
    Field(
      "divide", \.divide, Bounds("not 0", schema: []) { $0 != 0 }, "what the values are divided by"),
    Field("add", \.add, "what is added then"),
  ]

  public func columns(_ before: FieldColumns) -> FieldColumns? {
    guard multiply != 0 else { return nil }
    // y = (x - mean) / deviation with deviation = divide / multiply.
    let deviation = divide / multiply
    return before.scaled(by: FeatureScale(mean: [-add * deviation], deviation: [deviation]))
  }

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let (factor, add, count) = (Float(multiply / divide), Float(add), field.shape.count)
    return BoundTransform(field) { values, _ in
      for i in 0..<count { values[i] = values[i] * factor + add }
    }
  }
}
