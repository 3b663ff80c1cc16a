public import RealModule

/// A number that tensors hold: `Float` to train with, `Double` to prove gradients with.
///
/// Class labels and token numbers are scalars too; readers refuse what a `Float` cannot hold exactly
/// (above 2^24), so a graph has one kind of tensor.
public protocol Scalar: Real, BinaryFloatingPoint, Sendable where RawSignificand: Sendable {
  /// The name of the type in files: `F32`, `F64` (safetensors).
  static var typeName: String { get }
}

extension Float: Scalar {
  public static var typeName: String { "F32" }
}

extension Double: Scalar {
  public static var typeName: String { "F64" }
}
