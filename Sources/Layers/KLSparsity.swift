import Foundation
public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σᵤ ρ ln(ρ / mᵤ) + (1 - ρ) ln((1 - ρ) / (1 - mᵤ)), m the means of the units over the batch.
public struct KLSparsity: Loss, BatchStatisticsLayer {
  public static let type = "kl_sparsity"
  public static let manual = """
    A penalty on units whose mean activation is not the wanted one: sparse autoencoders.

    L = sum over u of rho ln(rho / m[u]) + (1 - rho) ln((1 - rho) / (1 - m[u]))
    m[u] = mean over n, ... of x[n, ..., u]

    which is the Kullback-Leibler divergence of coins that show heads with probability m[u] from ones
    that do with probability rho = target. Means count as at least 1e-7 and at most 1 - 1e-7.
    Input x [N, ..., U] in [0, 1], as of sigmoids; output []. The mean is that of the batch at hand,
    with gradient_accumulation that of the part, so large batches make it steady.
    Source: A. Ng, "Sparse autoencoder", CS294A lecture notes, Stanford, 2011.
    """
  public static let fields = [
    Field(
      "target", \KLSparsity.target,
      Bounds("above 0 and below 1") { $0 > 0 && $0 < 1 }, "rho, the mean activation to have.")
  ]

  public var target = 0.05

  public init() {}

  public var takesBatchStatistics: Bool { true }

  // The mean of one row is that row, which it may well be judged by.
  public func hasSingleNumbers(in inputs: [Shape]) -> Bool { false }

  /// How near to 0 and 1 a mean counts.
  private static let margin = 1e-7

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("activations [N, ..., U]") { $0.rank >= 2 }
    var signature = Signature(outputs: [[]])
    signature.saved = [[x.last]]
    signature.forwardScratch = [
      [Bias.columnSumsScratchCount(rows: x.dropLast.count, columns: x.last)]
    ]
    signature.values = [0: .unitInterval]
    return signature
  }

  /// Its saved tensor holds the gradient of x, which is the same for all rows.
  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, slopes) = (pass.inputs[0], pass.saved[0])
    let rows = x.shape.dropLast.count
    Bias.columnSums(
      x.base, rows: rows, columns: x.shape.last, into: slopes.base, accumulate: false,
      scratch: pass.scratch[0].base, pool: pass.pool)
    var sum = 0.0
    for unit in 0..<x.shape.last {
      let mean = min(
        max(Double(slopes[unit]) / Double(rows), Self.margin), 1 - Self.margin)
      sum += target * log(target / mean) + (1 - target) * log((1 - target) / (1 - mean))
      slopes[unit] = S(((1 - target) / (1 - mean) - target / mean) / Double(rows))
    }
    pass.outputs[0][0] = S(sum)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (slopes, x) = (pass.saved[0], gradient.view)
    let (rows, units) = (x.shape.dropLast.count, x.shape.last)
    Elementwise.scale(
      slopes.base, by: pass.outputGradients[0][0], into: slopes.base, count: units, pool: pass.pool)
    if gradient.accumulates {
      Bias.add(
        slopes.base, toRows: x.base, into: x.base, rows: rows, columns: units, pool: pass.pool)
    } else {
      Bias.fill(slopes.base, intoRows: x.base, rows: rows, columns: units, pool: pass.pool)
    }
  }

  public static var samples: [Sample<KLSparsity>] {
    var rare = KLSparsity()
    rare.target = 0.3
    return [
      Sample(KLSparsity(), inputs: [[5, 3]], values: [.probabilities], tolerance: 1e-7),
      Sample(rare, inputs: [[2, 3, 2]], values: [.probabilities]),
    ]
  }
}
