public import TensorCore

/// A layer that knows how the same numbers come with less work from it and the layer after it together.
///
/// The compiler asks where nothing but that layer reads its output. What it answers must hold for training and use alike.
public protocol FusableLayer: Layer {
  /// What may stand in the place of this layer and of `next`, which reads its only output first; nil where both are to
  /// stay as they are.
  ///
  /// - Parameter inputs: the shapes of this layer's inputs.
  func fusion(with next: any Layer, on inputs: [Shape]) -> Fusion?
}

/// Less work that gives what two layers give, one after the other.
public enum Fusion {
  /// One layer that does the work of both: it reads what the first did, then what the second did beside the first, and
  /// has the parameters and states of the first; the second has none. Neither draws random numbers, which belong to a
  /// node's name.
  case one(any Layer)
  /// First the second layer, which has no other input and no parameters, and then the first. No later fusion turns them
  /// back.
  case swapped
}
