public import Settings

/// Which of two results is better: what best checkpoints, early stopping and schedules ask.
public enum Better: String, SettingValue, CaseIterable {
  case higher = "max"
  case lower = "min"

  /// Whether a result beats another by more than `delta`.
  public func improves(_ result: Double, on other: Double, by delta: Double = 0) -> Bool {
    switch self {
    case .higher: result > other + delta
    case .lower: result < other - delta
    }
  }

  /// Which way a result is better, by its name: a loss is to fall, a metric says itself.
  ///
  /// `validation/top_5_accuracy` and `f1/cat` are found too; nil for a name that no metric gives.
  public static func known(for result: String) -> Better? {
    let parts = result.split(separator: "/")
    for start in parts.indices {
      let name = parts[start...].joined(separator: "/")
      if name == "loss" || name.hasSuffix("_loss") { return .lower }
      for case let metric as any Metric.Type in metricRegistry.variants where metric.gives(name) {
        return metric.better
      }
    }
    return nil
  }
}
