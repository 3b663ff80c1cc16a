import Formats
public import Settings
public import TensorCore

/// Image [H, W, C] -> the same with a text blended in
public struct Watermark: Transform {
  public var field = PlacedName("")
  public var text = "SAMPLE"
  public var strength = [0.3, 0.7]
  public var value = 1.0
  public var scale = 1

  public init() {}

  public static let type = "watermark"
  public static let manual = """
    Blends a text into each image at a random place and with a random strength, in training and in evaluation.

    y = x + a m (value - x), where m is 1 on the letters and 0 elsewhere and a is drawn evenly from `strength`; every place
    at which the whole text is within the image is equally likely. In training drawn anew in each epoch, in evaluation
    always the same for a row. Letters are 5 x 7 dots of `scale` pixels, with a dot between two: a text of n letters is
    6 n - 1 dots wide.
    """
  public static let fields: [Field<Watermark>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, C]").example("image"),
    Field(
      "text", \.text,
      Bounds("of \"\(BitmapFont.characters)\", not empty") { BitmapFont.rows(of: $0) != nil },
      "what is written"),
    Field(
      "strength", \.strength,
      Bounds(
        "the least and the largest, from 0 to 1",
        schema: [.init("minItems", 2), .init("maxItems", 2)]
      ) { $0.count == 2 && 0 <= $0[0] && $0[0] <= $0[1] && $0[1] <= 1 },
      "between which strengths the text is blended in: 0 is not at all, 1 covers the image"),
    Field(
      "value", \.value, "the value of the letters, in the units that the field has here"),
    Field("scale", \.scale, .within(1...1024), "how many pixels high and wide a dot is"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    let (height, width, channels) = (image[0], image[1], image[2])
    let rows = BitmapFont.rows(of: text) ?? []
    let extent = (height: rows.count * scale, width: (rows.first?.count ?? 0) * scale)
    guard extent.height <= height, extent.width <= width else {
      throw Problems(
        self.field.problem(
          "the text is \(extent.height) x \(extent.width) pixels, larger than images of shape "
            + "\(image)"))
    }
    // Where the pixels of the letters are, seen from the text's upper left corner.
    var pixels: [Int] = []
    for y in 0..<extent.height {
      for x in 0..<extent.width where rows[y / scale][x / scale] { pixels.append(y * width + x) }
    }
    let (offsets, value) = (pixels, Float(value))
    let (weakest, span) = (strength[0], strength[1] - strength[0])
    return BoundTransform(field) { values, context in
      let random = random.row(context)
      let top = random.integer(0, below: height - extent.height + 1)
      let left = random.integer(1, below: width - extent.width + 1)
      let strength = Float(weakest + span * random.uniform(4))
      for offset in offsets {
        let pixel = values + (top * width + left + offset) * channels
        for channel in 0..<channels { pixel[channel] += strength * (value - pixel[channel]) }
      }
    }
  }
}
