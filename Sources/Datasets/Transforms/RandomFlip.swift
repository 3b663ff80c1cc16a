public import Settings
public import TensorCore

/// Image [H, W, C] -> itself or its mirror image
public struct RandomFlip: Transform {
  public var field = PlacedName("")
  public var horizontal = true
  public var vertical = false
  public var probability = 0.5

  public init() {}

  public static let type = "random_flip"
  public static let manual = """
    Mirrors each image at random, in training only.

    With `horizontal`, y[h, w, c] = x[h, W - 1 - w, c] with the given probability; with `vertical`, the same for h, drawn
    apart. Drawn anew in each epoch.
    """
  public static let fields: [Field<RandomFlip>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, C]").example("image"),
    Field("horizontal", \.horizontal, "whether left and right may change places"),
    Field("vertical", \.vertical, "whether top and bottom may change places"),
    Field("probability", \.probability, .within(0...1), "how likely each flip is"),
  ]

  public var contradiction: String? {
    horizontal || vertical ? nil : "one of \"horizontal\" and \"vertical\" must be true"
  }

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    let (height, width, channels) = (image[0], image[1], image[2])
    let (horizontal, vertical) = (horizontal, vertical)
    // Of the 2^32 words, the first so many mean a flip.
    let threshold = UInt64(probability * 0x1p32)
    return BoundTransform(field) { values, context in
      guard context.isTraining else { return }
      let words = random.at(step: context.epoch).words(context.row)
      if horizontal, UInt64(words[0]) < threshold {
        for row in 0..<height {
          reverse(values + row * width * channels, count: width, each: channels)
        }
      }
      if vertical, UInt64(words[1]) < threshold {
        reverse(values, count: height, each: width * channels)
      }
    }
  }
}

/// Reverses the order of `count` groups of `extent` numbers.
private func reverse(_ values: UnsafeMutablePointer<Float>, count: Int, each extent: Int) {
  for group in 0..<count / 2 {
    let (first, last) = (values + group * extent, values + (count - 1 - group) * extent)
    for i in 0..<extent { (first[i], last[i]) = (last[i], first[i]) }
  }
}
