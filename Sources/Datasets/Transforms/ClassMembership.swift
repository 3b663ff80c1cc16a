public import Settings
public import TensorCore

/// c -> 1 where it is among `classes`, else 0
public struct ClassMembership: Transform {
  public var field = PlacedName("")
  public var classes: [PlacedClass] = []
  public var isInverted = false

  public init() {}

  public static let type = "class_membership"
  public static let manual = """
    Turns a class into 1 where it is one of some classes, else 0; with `invert`, the other way round.

    For the evaluation of a detector of anomalies that learnt the class 1 alone:
    {"type": "copy", "field": "label", "as": "anomaly"},
    {"type": "class_membership", "field": "anomaly", "classes": [1], "invert": true}.
    """
  public static let fields: [Field<ClassMembership>] = [
    Field("field", \.field, required: true, "the classes, of shape []").example("label"),
    Field(
      "classes", \.classes, required: true, .notEmpty(),
      "the classes that count, by number or by name"
    ).example([1]),
    Field("invert", \.isInverted, "whether they become 0 and the others 1"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let members = Set(try classes.numbers(in: field, named: self.field))
    var output = field
    output.classes = 2
    output.classNames = nil
    let (inside, outside): (Float, Float) = isInverted ? (0, 1) : (1, 0)
    return BoundTransform(output) { values, _ in
      values[0] = Int(exactly: values[0]).map(members.contains) == true ? inside : outside
    }
  }
}
