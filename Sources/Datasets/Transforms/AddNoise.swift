import RealModule
public import Settings
public import TensorCore

/// y = x + stddev z, z standard normal
public struct AddNoise: Transform {
  public var field = PlacedName("")
  public var deviation = 0.1
  public var range: [Double]?

  public init() {}

  public static let type = "add_noise"
  public static let manual = """
    Adds normal noise to every number of a field, in training and in evaluation.

    y = x + stddev z with z standard normal (Box and Muller 1958), then cut to `clip` where it is given. In training z is
    drawn anew in each epoch, in evaluation it is always the same for a row. `stddev` is in the units that the field has
    here in the list of transforms. The layer "gaussian_noise" adds noise in training only.
    """
  public static let fields: [Field<AddNoise>] = [
    Field("field", \.field, required: true, "the field to change").example("image"),
    Field(
      "stddev", \.deviation, required: true, .atLeast(0), "the standard deviation of the noise"
    ).example(0.5),
    Field("clip", \.range, .interval, "the least and the largest value that comes out"),
  ]

  public func columns(_ before: FieldColumns) -> FieldColumns? { before }

  public func bound(to field: DataField, random: RandomStream) -> BoundTransform {
    let (count, deviation) = (field.shape.count, Float(deviation))
    let range = range.map { Float($0[0])...Float($0[1]) }
    return BoundTransform(field) { values, context in
      let random = random.row(context)
      for start in stride(from: 0, to: count, by: 4) {
        let normal = normals(random.words(start >> 2))
        for i in start..<min(start + 4, count) { values[i] += deviation * normal[i - start] }
      }
      guard let range else { return }
      for i in 0..<count {
        values[i] = min(max(values[i], range.lowerBound), range.upperBound)
      }
    }
  }
}

/// Four numbers of the standard normal distribution from four random words.
private func normals(_ words: SIMD4<UInt32>) -> SIMD4<Float> {
  let uniform = SIMD4<Float>(words &>> 8) * 0x1p-24
  var normals = SIMD4<Float>()
  for pair in [0, 2] {
    // 1 - u is in (0, 1], where the logarithm is finite.
    let radius = Float.sqrt(-2 * Float.log(1 - uniform[pair]))
    let angle = 2 * Float.pi * uniform[pair + 1]
    normals[pair] = radius * Float.cos(angle)
    normals[pair + 1] = radius * Float.sin(angle)
  }
  return normals
}

extension Bounds where Value == [Double] {
  /// Two numbers, the first below the second.
  static var interval: Bounds {
    Bounds(
      "two numbers, the first below the second",
      schema: [.init("minItems", 2), .init("maxItems", 2)]
    ) { $0.count == 2 && $0[0] < $0[1] }
  }
}
