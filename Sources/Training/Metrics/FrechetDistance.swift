public import Settings
public import TensorCore

/// ‖m₁ - m₂‖² + tr(C₁ + C₂ - 2 (C₁ C₂)^½).
public struct FrechetDistance: Metric {
  public var features = ""

  public init() {}

  public static let type = "frechet"
  public static let manual = """
    How far the features of generated rows are from those of real ones: the Frechet distance of normal distributions.

    frechet = |m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2)), m the means and C the covariances of prediction and
    target [N, D] over all rows. The result is called "frechet_NAME", NAME the setting features, which says whose
    features they are: distances on the features of different networks cannot be compared.
    Source: M. Heusel et al., arXiv 1706.08500, 2017.
    """

  public static let better: Better? = .lower

  public static func gives(_ result: String) -> Bool { result.hasPrefix("\(type)_") }

  public static var fields: [Field<Self>] {
    [
      .init(
        "features", \.features, required: true,
        .init("a name without / and spaces") {
          !$0.isEmpty && !$0.contains { $0 == "/" || $0.isWhitespace }
        }, "Whose features these are: the name of a network."
      ).example("mnist_convnet")
    ]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard prediction.rank == 2, prediction == target else {
      throw MetricError(
        "\(Self.type) expects features [N, D] of predictions and targets, got \(prediction) and "
          + "\(target)")
    }
    let moments = FeatureMoments(size: prediction[1])
    return Accumulator(
      name: "\(Self.type)_\(features)", generated: moments, real: moments)
  }

  private struct Accumulator: MetricAccumulator {
    let name: String
    var generated: FeatureMoments
    var real: FeatureMoments

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      generated.add(prediction, rows: samples)
      real.add(target, rows: samples)
    }

    func results() -> [MetricResult] { [MetricResult(name, generated.distance(to: real))] }
  }
}
