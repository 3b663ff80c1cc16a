public import Settings
public import TensorCore

/// A field once more under another name
public struct Copy: Transform {
  public var field = PlacedName("")
  public var name = PlacedName("")

  public init() {}

  public static let type = "copy"
  public static let manual = """
    Adds a field that begins as a copy of another.

    What the transforms before it did holds for both fields, random changes included; those behind it change the one
    they name. So a clean image can be the target while the input is corrupted:
    {"type": "copy", "field": "image", "as": "clean"}, {"type": "add_noise", "field": "image", "stddev": 0.5}.
    """
  public static let fields: [Field<Copy>] = [
    Field("field", \.field, required: true, "the field to copy").example("image"),
    Field("as", \.name, required: true, "the name of the copy").example("clean"),
  ]

  public var addedField: PlacedName? { name }
  public var keepsPadding: Bool { true }

  public func columns(_ before: FieldColumns) -> FieldColumns? { before }

  public func bound(to field: DataField, random: RandomStream) -> BoundTransform {
    BoundTransform(field) { _, _ in }
  }
}
