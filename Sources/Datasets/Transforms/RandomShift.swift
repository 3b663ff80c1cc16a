public import Settings
public import TensorCore

/// Image [H, W, C] -> itself, moved by up to `pixels` in each direction
public struct RandomShift: Transform {
  public var field = PlacedName("")
  public var pixels = 1
  public var fill = 0.0

  public init() {}

  public static let type = "random_shift"
  public static let manual = """
    Moves each image by a random whole number of pixels, in training only.

    y[h, w, c] = x[h - a, w - b, c] with a and b drawn from -pixels...pixels, anew in each epoch; what moves in from
    outside is `fill`, in the units that the field has here in the list of transforms.
    """
  public static let fields: [Field<RandomShift>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, C]").example("image"),
    Field("pixels", \.pixels, required: true, .atLeast(1), "the farthest move in each direction")
      .example(2),
    Field("fill", \.fill, "the value of what moves in from outside"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    let (height, width, channels) = (image[0], image[1], image[2])
    guard pixels < height, pixels < width else {
      throw Problems(
        self.field.problem("a shift of \(pixels) pixels empties images of shape \(image)"))
    }
    let (pixels, fill) = (pixels, Float(fill))
    return BoundTransform(field) { values, context in
      guard context.isTraining else { return }
      let words = random.at(step: context.epoch).words(context.row)
      move(
        values, height: height, row: width * channels,
        down: draw(words[0], upTo: pixels), right: draw(words[1], upTo: pixels) * channels,
        fill: fill)
    }
  }
}

/// A number in -bound...bound from a random word.
private func draw(_ word: UInt32, upTo bound: Int) -> Int {
  Int((UInt64(word) * UInt64(2 * bound + 1)) >> 32) - bound
}

/// Moves an image of `height` rows of `row` numbers in place, a row at a time, away from where it goes.
private func move(
  _ values: UnsafeMutablePointer<Float>, height: Int, row: Int, down: Int, right: Int, fill: Float
) {
  let (kept, offset) = (row - abs(right), max(0, right))
  for step in 0..<height {
    // Each source row is read before it is overwritten: bottom first when moving down.
    let target = down > 0 ? height - 1 - step : step
    let destination = values + target * row
    guard (0..<height).contains(target - down) else {
      destination.update(repeating: fill, count: row)
      continue
    }
    let source = values + (target - down) * row
    (destination + offset).update(from: source + max(0, -right), count: kept)
    (right > 0 ? destination : destination + kept).update(repeating: fill, count: abs(right))
  }
}
