public import Settings
public import TensorCore

/// c -> the vector of zeros with a one at c
public struct OneHot: Transform {
  public var field = PlacedName("")
  public var classes: Int?

  public init() {}

  public static let type = "one_hot"
  public static let manual = """
    Turns a class into a vector of zeros with a one at the class.

    A field of shape [] becomes one of shape [classes].
    """
  public static let fields: [Field<OneHot>] = [
    Field("field", \.field, required: true, "the field to change").example("label"),
    Field(
      "classes", \.classes, .within(1...1 << 20),
      "how many classes there are; those of the field where left out"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    guard field.shape.rank == 0 else {
      throw Problems(
        self.field.problem(
          "expected a field of single numbers, got \"\(field.name)\" of shape \(field.shape)"))
    }
    guard let classes = classes ?? field.classes else {
      throw Problems(
        self.field.problem("the classes of \"\(field.name)\" are not known: say \"classes\""))
    }
    if let known = field.classes, known > classes {
      throw Problems(
        self.field.problem(
          "\"\(field.name)\" has \(known) classes, more than the \(classes) of \"classes\""))
    }
    var output = field
    output.shape = [classes]
    output.classes = classes
    output.isOneHot = true
    if field.classNames?.count != classes { output.classNames = nil }
    let name = field.name
    return BoundTransform(output) { values, context in
      guard let label = Int(exactly: values[0]), (0..<classes).contains(label) else {
        throw DataError(
          field: name, row: context.row,
          "expected a class in 0..<\(classes), got \(values[0])")
      }
      values.update(repeating: 0, count: classes)
      values[label] = 1
    }
  }
}
