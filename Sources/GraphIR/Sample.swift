public import TensorCore

/// A tiny case of a layer: one branch of it, with inputs that suit it.
public struct Sample<L: Layer>: Sendable {
  /// What values an input is given.
  public enum Values: Sendable {
    /// Standard normal.
    case normal
    /// Normal, but no closer to zero than 0.05: for kinks at zero.
    case awayFromZero
    /// All different by at least 0.05, in random order: for maxima.
    case distinct
    /// Whole numbers in 0..<bound: labels, indices.
    case integers(below: Int)
    /// In (0.05, 0.95).
    case probabilities
    /// Rows that are positive and sum to 1.
    case distributions
    /// Zeros and ones.
    case binary
  }

  public let layer: L
  /// The shapes of the inputs, the batch included.
  public let inputs: [Shape]
  /// One for each input; `normal` for those beyond the end.
  public let values: [Values]
  /// Whether the layer is sampled as in training.
  public let isTraining: Bool
  /// The relative error that differences of the smooth function may show.
  public let tolerance: Double

  /// The default tolerance is that of smooth functions; a rough one (a quotient of small differences) says so.
  public init(
    _ layer: L, inputs: [Shape], values: [Values] = [], isTraining: Bool = true,
    tolerance: Double = 1e-8
  ) {
    self.layer = layer
    self.inputs = inputs
    self.values = values
    self.isTraining = isTraining
    self.tolerance = tolerance
  }
}
