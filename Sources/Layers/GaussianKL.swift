public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σ (m² + e^v - 1 - v) / 2N.
public struct GaussianKL: Loss {
  public static let type = "gaussian_kl"
  public static let manual = """
    How far normal distributions are from the standard one: the penalty of a variational autoencoder.

    L = sum of (m^2 + exp(v) - 1 - v) / 2 N

    which is the Kullback-Leibler divergence of the normal distribution of mean m and variance exp(v)
    from that of mean 0 and variance 1, summed over a row and averaged over the batch.
    Inputs: mean m and logarithm of the variance v, of one shape [N, ...]; output [].
    Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", ICLR 2014, appendix B.
    """
  public static let fields: [Field<GaussianKL>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    _ = try GaussianSample.shape(inputs)
    var signature = Signature(outputs: [[]])
    signature.retains = [.input(0), .input(1)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let mean = pass.inputs[0]
    let sum = Gaussian.divergence(
      mean: mean.base, logVariance: pass.inputs[1].base, count: mean.count, pool: pass.pool)
    pass.outputs[0][0] = S(sum / Double(mean.shape[0]))
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (mean, logVariance) = (pass.inputs[0], pass.inputs[1])
    let factor = pass.outputGradients[0][0] / S(mean.shape[0])
    if let gradient = pass.inputGradients[0] {
      Elementwise.scale(
        mean.base, by: factor, into: gradient.view.base, count: mean.count,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
    if let gradient = pass.inputGradients[1] {
      Gaussian.divergenceGradient(
        logVariance: logVariance.base, factor: factor, into: gradient.view.base,
        count: mean.count, accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<GaussianKL>] {
    [
      Sample(GaussianKL(), inputs: [[3, 4], [3, 4]]),
      Sample(GaussianKL(), inputs: [[2, 2, 3], [2, 2, 3]]),
    ]
  }
}
