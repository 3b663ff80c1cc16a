public import Settings
import TensorCore

/// A field as a checkpoint describes it, so that a network can be run where the data are not.
extension DataField: SettingValue {
  private struct Description: Configurable {
    var name = ""
    var shape: [Int] = []
    var classes: Int?
    var classNames: [String]?
    var isOneHot = false
    var isPadded = false

    static let fields: [Field<Description>] = [
      Field("name", \.name, required: true, "its name"),
      Field(
        "shape", \.shape, required: true, .each(.within(0...1 << 32)), "the shape of one row"),
      Field(
        "classes", \.classes, .within(1...1 << 24), "how many classes its values tell apart"),
      Field("class_names", \.classNames, "what the classes are called"),
      Field("one_hot", \.isOneHot, "whether a class is a vector, one value for each class"),
      Field("padded", \.isPadded, "whether a row is filled up with zeros"),
    ]

    var contradiction: String? {
      var count = 1
      for extent in shape {
        let product = count.multipliedReportingOverflow(by: extent)
        guard !product.overflow, product.partialValue <= 1 << 32 else {
          return "a row of more than \(1 << 32) numbers"
        }
        count = product.partialValue
      }
      return nil
    }
  }

  public static var expectation: String { "a field of the data" }
  public static var schema: JSON { Description.schema }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    Description.read(json, at: path, &problems).map {
      DataField(
        $0.name, Shape($0.shape), classes: $0.classes, classNames: $0.classNames,
        isOneHot: $0.isOneHot, isPadded: $0.isPadded)
    }
  }

  public var json: JSON {
    Description(
      name: name, shape: shape.dimensions, classes: classes, classNames: classNames,
      isOneHot: isOneHot, isPadded: isPadded
    ).json
  }
}
