public import TensorCore

/// A layer that in training takes statistics of all rows of a batch, by which each of them is changed or judged:
/// those of the parts of a batch do not add up to those of the whole.
public protocol BatchStatisticsLayer: RowMixingLayer {
  /// Whether it takes them with these settings.
  var takesBatchStatistics: Bool { get }

  /// Whether those are the statistics of single numbers where the inputs have these shapes, so that nothing is left of
  /// these. Never where it takes none.
  func hasSingleNumbers(in inputs: [Shape]) -> Bool
}
