public import Settings
import TensorCore

/// Which rows a split takes by their class, for models that learn some classes alone.
public struct ClassSelection: Configurable {
  public var field = PlacedName("label")
  public var classes: [PlacedClass] = []

  public init() {}

  public static let fields: [Field<ClassSelection>] = [
    Field("field", \.field, "the field of the classes, as the file has it"),
    Field(
      "classes", \.classes, required: true, .notEmpty(),
      "the classes whose rows are taken, by number or by name"
    ).example([1]),
  ]

  /// The rows of these classes, in their order.
  ///
  /// Throws: `Problems` where there is no such field or class, or no such row.
  func rows(of dataset: any Dataset) throws -> [Int] {
    let index = try Pipeline.index(of: field, in: dataset.fields)
    let chosen = Set(try classes.numbers(in: dataset.fields[index], named: field))
    var rows: [Int] = []
    var label: Float = 0
    for row in 0..<dataset.count {
      try dataset.read(row: row, field: index, into: &label)
      if Int(exactly: label).map(chosen.contains) == true { rows.append(row) }
    }
    guard !rows.isEmpty else {
      throw Problems(field.problem("no row of \"\(field.text)\" is of the classes chosen"))
    }
    return rows
  }
}
