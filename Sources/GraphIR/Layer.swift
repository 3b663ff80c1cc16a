public import Settings
public import TensorCore

/// A node's mathematics: the settings of one kind of layer, its shape rule and its two directions.
///
/// A layer is a value and holds no numbers of a network; those reach it in a `Pass`. Losses are layers
/// with a scalar output. What is written in `signature` is all that the compiler knows of a layer, so it must be true:
/// the shared layer suite poisons whatever backward did not ask for.
public protocol Layer: Variant {
  /// The shape rule: what the layer makes of inputs of these shapes, the batch included.
  ///
  /// `batch` is N, for layers whose output does not follow from an input (noise sources).
  /// Throws: `ShapeError` when the inputs do not fit, saying what was expected and what came.
  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature

  /// Computes the outputs (every element) and what `saved` holds for backward.
  ///
  /// Allocates nothing and checks nothing that the shape rule has checked.
  func forward<S: Scalar>(_ pass: Pass<S>)

  /// Computes the gradients that are asked for from those of the outputs.
  ///
  /// A gradient that is nil is not needed; one that `accumulates` is added to, else its memory holds garbage and
  /// every element must be written. Only one that `Signature.rowGradients` names may have `rows`, which say what its
  /// memory holds.
  func backward<S: Scalar>(_ pass: Pass<S>)

  /// Tiny cases that cover every branch: the shared suite, the manual's example and the benchmarks read them.
  static var samples: [Sample<Self>] { get }

  /// Types of other layers whose parameters it can use, for names and shapes that both have.
  static var sharesParametersOf: Set<String> { get }
}

extension Layer {
  public static var sharesParametersOf: Set<String> { [] }
}

/// Why a layer cannot take its inputs.
public struct ShapeError: Error, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// `expects one input [N, F], got [32, 28, 28, 1]`.
  public init(expects expected: String, got shapes: [Shape]) {
    let got = shapes.isEmpty ? "none" : shapes.map(\.description).joined(separator: ", ")
    self.init("expects \(expected), got \(got)")
  }
}
