public import Settings
public import TensorCore

/// Image [H, W, C] -> a part of it [height, width, C]
public struct Crop: Transform {
  public var field = PlacedName("")
  public var size: [Int] = []
  public var isRandom = false

  public init() {}

  public static let type = "crop"
  public static let manual = """
    Cuts a part out of each image: its middle, or with `random` and in training any part.

    y[h, w, c] = x[h + a, w + b, c] with a = ⌊(H - height) / 2⌋ and b = ⌊(W - width) / 2⌋, or drawn anew in each epoch. A
    field of shape [H, W, C] becomes [height, width, C].
    """
  public static let fields: [Field<Crop>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, C]").example("image"),
    Field("size", \.size, required: true, .imageSize, "the height and width of the part")
      .example([24, 24]),
    Field("random", \.isRandom, "whether training takes any part"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    let (height, width, channels) = (size[0], size[1], image[2])
    let spare = (down: image[0] - height, right: image[1] - width)
    guard spare.down >= 0, spare.right >= 0 else {
      throw Problems(
        self.field.problem(
          "a part of \(height) x \(width) pixels is not within images of shape \(image)"))
    }
    var output = field
    output.shape = [height, width, channels]
    let (row, isRandom) = (image[1] * channels, isRandom)
    return BoundTransform(output) { values, context in
      var (down, right) = (spare.down / 2, spare.right / 2)
      if isRandom && context.isTraining {
        let random = random.row(context)
        down = random.integer(0, below: spare.down + 1)
        right = random.integer(1, below: spare.right + 1)
      }
      // No row of the part lies behind where it comes from, so those to come are whole.
      for y in 0..<height {
        (values + y * width * channels).update(
          from: values + (y + down) * row + right * channels, count: width * channels)
      }
    }
  }
}
