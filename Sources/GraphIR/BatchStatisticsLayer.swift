public import TensorCore

/// A layer that in training takes statistics of all rows of a batch, by which each of them is changed.
public protocol BatchStatisticsLayer: RowMixingLayer {
  /// Whether those are the statistics of single numbers where the inputs have these shapes, so that nothing is left of
  /// these.
  func hasSingleNumbers(in inputs: [Shape]) -> Bool
}
