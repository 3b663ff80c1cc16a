import Settings
import TensorCore

/// The shape [H, W, C] of a field of images.
///
/// Throws: `Problems` at the place of `name` where the field is none.
func imageShape(of field: DataField, named name: PlacedName) throws(Problems) -> Shape {
  guard field.shape.rank == 3 else {
    throw Problems(
      name.problem("expected images [H, W, C], got \"\(field.name)\" of shape \(field.shape)"))
  }
  return field.shape
}
