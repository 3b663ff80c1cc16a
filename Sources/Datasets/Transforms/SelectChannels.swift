public import Settings
public import TensorCore

/// [..., C] -> [..., K]: some of the last axis, in a given order
public struct SelectChannels: Transform {
  public var field = PlacedName("")
  public var channels: [Int] = []

  public init() {}

  public static let type = "select_channels"
  public static let manual = """
    Keeps some channels of images, or features of rows, in the order given.

    y[..., k] = x[..., channels[k]]. A field of shape [..., C] becomes [..., K]; a channel may come twice.
    """
  public static let fields: [Field<SelectChannels>] = [
    Field("field", \.field, required: true, "the field to change").example("image"),
    Field(
      "channels", \.channels, required: true,
      Bounds("not empty, each at least 0", schema: [.init("minItems", 1)]) {
        !$0.isEmpty && $0.allSatisfy { $0 >= 0 }
      },
      "the channels to keep, counted from 0"
    ).example([0]),
  ]

  public func columns(_ before: FieldColumns) -> FieldColumns? { before.selecting(channels) }

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    guard field.shape.rank > 0, channels.allSatisfy({ $0 < field.shape.last }) else {
      throw Problems(
        self.field.problem(
          "expected channels below \(field.shape.last), for \"\(field.name)\" has the shape "
            + "\(field.shape); got \(channels)"))
    }
    var output = field
    output.shape = Shape(field.shape.dropLast.dimensions + [channels.count])
    output.classes = nil
    output.classNames = nil
    let (old, channels) = (field.shape.last, channels)
    let (groups, count) = (field.shape.dropLast.count, channels.count)
    return BoundTransform(output) { values, _ in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: old * groups) { copy in
        guard let copy = copy.baseAddress else { return }
        copy.update(from: values, count: old * groups)
        for group in 0..<groups {
          for k in 0..<count { values[group * count + k] = copy[group * old + channels[k]] }
        }
      }
    }
  }
}
