public import Settings
public import TensorCore

/// y = x, or `fill` with a given probability
public struct MaskNoise: Transform {
  public var field = PlacedName("")
  public var probability = 0.25
  public var fill = 0.0

  public init() {}

  public static let type = "mask_noise"
  public static let manual = """
    Replaces numbers (in images, whole pixels) at random by `fill`, in training and in evaluation.

    y[h, w, c] = fill with the given probability, else x[h, w, c], one draw for all channels of a pixel; a field of another
    rank than 3 has one draw for each number. In training drawn anew in each epoch, in evaluation always the same for a
    row. The corruption of denoising autoencoders (Vincent et al. 2008).
    """
  public static let fields: [Field<MaskNoise>] = [
    Field("field", \.field, required: true, "the field to change").example("image"),
    Field("probability", \.probability, .within(0...1), "how likely each is replaced"),
    Field("fill", \.fill, "what it is replaced by, in the units that the field has here"),
  ]

  public func columns(_ before: FieldColumns) -> FieldColumns? { before }

  public func bound(to field: DataField, random: RandomStream) -> BoundTransform {
    let channels = field.shape.rank == 3 ? field.shape.last : 1
    let count = field.shape.count / max(1, channels)
    // Of the 2^32 words, the first so many mean a replacement.
    let (threshold, fill) = (UInt64(probability * 0x1p32), Float(fill))
    return BoundTransform(field) { values, context in
      let random = random.row(context)
      for start in stride(from: 0, to: count, by: 4) {
        let words = random.words(start >> 2)
        for i in start..<min(start + 4, count) where UInt64(words[i - start]) < threshold {
          (values + i * channels).update(repeating: fill, count: channels)
        }
      }
    }
  }
}
