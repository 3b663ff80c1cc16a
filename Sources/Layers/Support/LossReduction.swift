public import Settings

/// Over what a loss of single elements is averaged.
public enum LossReduction: String, CaseIterable, SettingValue {
  /// Over all elements.
  case mean
  /// Over the rows of the batch; the elements of a row add up.
  case batchMean = "batch_mean"
}
