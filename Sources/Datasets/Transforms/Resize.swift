public import Settings
public import TensorCore

/// Image [H, W, C] -> [height, width, C]
public struct Resize: Transform {
  public var field = PlacedName("")
  public var size: [Int] = []

  public init() {}

  public static let type = "resize"
  public static let manual = """
    Changes the height and the width of images.

    Linear interpolation where they grow, means weighted by a triangle where they shrink, as Pillow's BILINEAR. A field of
    shape [H, W, C] becomes [height, width, C].
    """
  public static let fields: [Field<Resize>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, C]").example("image"),
    Field("size", \.size, required: true, .imageSize, "the new height and width").example([32, 32]),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    var output = field
    output.shape = [size[0], size[1], image[2]]
    let resampling = Resampling(
      from: (image[0], image[1]), to: (size[0], size[1]), channels: image[2])
    return BoundTransform(output) { values, _ in resampling.apply(values) }
  }
}

extension Bounds where Value == [Int] {
  /// Height and width.
  static var imageSize: Bounds {
    Bounds(
      "two, from 1 to 65536",
      schema: [
        .init("minItems", 2), .init("maxItems", 2),
        .init("items", ["type": "integer", "minimum": 1, "maximum": 65536]),
      ]
    ) { $0.count == 2 && $0.allSatisfy((1...65536).contains) }
  }
}
