public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = -t Σ s / E.
public struct Wasserstein: Loss {
  public static let type = "wasserstein"
  public static let manual = """
    Minus the mean score (target 1) or the mean score (target -1): the loss of Wasserstein GANs.

    L = -target sum of s / E

    Input: scores s [N, ...], E in all; output []. A critic minimizes it with target 1 on real rows and
    with -1 on generated ones, a generator with 1 on its own: the critic's two losses add up to minus
    the estimated distance. That means something only for a critic whose slope is bounded, as by
    spectral_normalization in each of its layers.
    Source: M. Arjovsky, S. Chintala, L. Bottou, "Wasserstein generative adversarial networks", 2017.
    """
  public static let fields = [
    Field(
      "target", \Wasserstein.target, required: true, .within(-1...1),
      "1 where scores are to be high, -1 where they are to be low.")
  ]

  public var target = 1.0

  public init() {}

  public init(target: Double) { self.target = target }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    _ = try inputs.only("scores [N, ...]") { $0.rank >= 1 }
    return Signature(outputs: [[]])
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let scores = pass.inputs[0]
    let sum = Reduction.sum(scores.base, count: scores.count, pool: pass.pool)
    pass.outputs[0][0] = S(-target * sum / Double(scores.count))
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let count = gradient.view.count
    let slope = -S(target) * pass.outputGradients[0][0] / S(count)
    if gradient.accumulates {
      // Scores are few: one a row.
      for index in 0..<count { gradient.view[index] += slope }
    } else {
      gradient.view.fill(slope)
    }
  }

  public static var samples: [Sample<Wasserstein>] {
    [
      Sample(Wasserstein(target: 1), inputs: [[4, 1]]),
      Sample(Wasserstein(target: -1), inputs: [[2, 3]]),
    ]
  }
}
