public import Settings
public import TensorCore

/// How often each class is predicted.
public struct ClassShare: Metric {
  public init() {}

  public static let type = "class_share"
  public static let manual = """
    How often each class is predicted, as by a classifier of generated images: whether a generator forgets any.

    "class_share/CLASS" = rows whose largest score is that of CLASS / rows; "class_share_smallest" is the smallest of
    them. Of equal scores the first counts as the larger. Names of classes are those of the target. Steps
    of padding do not count.
    """

  public static let better: Better? = .higher

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard prediction.rank >= 2, prediction.last >= 2 else {
      throw MetricError("\(Self.type) expects scores [N, ..., C] of classes, got \(prediction)")
    }
    let names = (0..<prediction.last).map(String.init)
    return Accumulator(
      classNames: classNames.count == prediction.last ? classNames : names,
      rows: prediction.dropFirst.dropLast.count,
      isMarked: target.count == prediction.dropLast.count,
      counts: Array(repeating: 0, count: prediction.last))
  }

  public static func gives(_ result: String) -> Bool {
    result == "\(type)_smallest" || result.hasPrefix("\(type)/")
  }

  private struct Accumulator: MetricAccumulator {
    let classNames: [String]
    /// In a sample.
    var rows: Int
    /// Whether there is a target for each row, which is negative for steps of padding.
    var isMarked: Bool
    var counts: [Int]

    mutating func reshape(prediction: Shape, target: Shape) {
      rows = prediction.dropFirst.dropLast.count
      isMarked = target.count == prediction.dropLast.count
    }

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      for row in 0..<samples * rows where !isMarked || target[row] >= 0 {
        counts[largest(prediction + row * counts.count, counts.count)] += 1
      }
    }

    func results() -> [MetricResult] {
      let total = Double(counts.reduce(0, +))
      let shares = counts.map { Double($0) / total }
      return [MetricResult("\(ClassShare.type)_smallest", shares.min() ?? .nan)]
        + zip(classNames, shares).map {
          MetricResult("\(ClassShare.type)/\($0)", $1, isPerClass: true)
        }
    }
  }
}
