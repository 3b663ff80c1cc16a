public import Settings
public import TensorCore

/// RGB [H, W, 3] -> grey [H, W, 1]
public struct Grayscale: Transform {
  public var field = PlacedName("")

  public init() {}

  public static let type = "grayscale"
  public static let manual = """
    Turns colours into grey.

    y[h, w, 0] = 0.299 R + 0.587 G + 0.114 B, the luma of ITU-R BT.601. A field of shape [H, W, 3] becomes [H, W, 1].
    """
  public static let fields: [Field<Grayscale>] = [
    Field("field", \.field, required: true, "the images, of shape [H, W, 3]").example("image")
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let image = try imageShape(of: field, named: self.field)
    guard image[2] == 3 else {
      throw Problems(
        self.field.problem(
          "expected images of 3 channels, got \"\(field.name)\" of shape \(field.shape)"))
    }
    var output = field
    output.shape = [image[0], image[1], 1]
    let pixels = image[0] * image[1]
    return BoundTransform(output) { values, _ in
      for pixel in 0..<pixels {
        // The pixels before have been read when one is written.
        let colours = values + 3 * pixel
        values[pixel] = 0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2]
      }
    }
  }
}
