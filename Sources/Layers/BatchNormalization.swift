public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = gamma (x - mean) / √(variance + epsilon) + beta, mean and variance of each channel over the batch.
public struct BatchNormalization: BatchStatisticsLayer, FusableLayer, FreezableLayer {
  public static let type = "batch_normalization"
  public static let manual = """
    Normalises each channel by its mean and variance over the batch.

    y[m, c] = gamma[c] (x[m, c] - mean[c]) / sqrt(variance[c] + epsilon) + beta[c]

    Input [N, ..., C], output of the same shape; m runs over all axes but the last.
    In training, mean and variance are those of the batch (the variance divided by the number of rows
    M, not by M - 1), gradients flow through them, and the moving averages follow:

    moving = momentum moving + (1 - momentum) batch

    Otherwise mean and variance are the moving averages. So they are in a training that freezes gamma
    and beta (or the averages, where there are neither), which leaves the averages as they are.
    Parameters: gamma [C], beta [C]. States: moving_mean [C], moving_variance [C].
    As Keras. In PyTorch momentum is 1 - momentum, and running_var takes the variance divided by M - 1.
    Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015.
    """
  public static let fields = [
    Field(
      "momentum", \BatchNormalization.momentum, .within(0...1),
      "How much of the moving averages stays at a step."),
    Field(
      "epsilon", \BatchNormalization.epsilon, .above(0), "What is added to the variance."),
    Field("center", \BatchNormalization.center, "Whether beta is learned; it is 0 if not."),
    Field("scale", \BatchNormalization.scale, "Whether gamma is learned; it is 1 if not."),
    Field("gamma_initializer", \BatchNormalization.gammaInitializer, "How gamma begins."),
    Field("beta_initializer", \BatchNormalization.betaInitializer, "How beta begins."),
  ]

  public var momentum = 0.99
  public var epsilon = 1e-3
  public var center = true
  public var scale = true
  public var gammaInitializer = InitializerChoice(Initializers.Ones())
  public var betaInitializer = InitializerChoice(Initializers.Zeros())

  /// Whether it gives only the maxima of what it normalises over windows of 2 x 2 pixels that lie side by side, which are
  /// taken while it is in the cache. The compiler's to set.
  private var poolsMaxima = false
  /// Whether it uses its averages in training too and leaves them as they are. The compiler's to set.
  private var isFrozen = false

  public init() {}

  public func frozen() -> BatchNormalization {
    var frozen = self
    frozen.isFrozen = true
    return frozen
  }

  public var takesBatchStatistics: Bool { !isFrozen }

  public func hasSingleNumbers(in inputs: [Shape]) -> Bool {
    !isFrozen && inputs.first?.dropLast.count == 1
  }

  public func fusion(with next: any Layer, on inputs: [Shape]) -> Fusion? {
    guard !poolsMaxima, let next = next as? any MaximumLayer, next.hasPlainWindows(on: inputs[0])
    else { return nil }
    var both = self
    both.poolsMaxima = true
    return .one(both)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., C]") {
      $0.rank >= 2 && (!poolsMaxima || $0.rank == 4 && $0[1] >= 2 && $0[2] >= 2)
    }
    let channels = Shape([x.last])
    let rows = x.dropLast.count
    let sums = ColumnStatistics.scratchCount(rows: rows, columns: x.last)
    var signature = Signature(outputs: [x])
    if scale { signature.parameters.append(.init("gamma", channels, gammaInitializer.value)) }
    if center { signature.parameters.append(.init("beta", channels, betaInitializer.value)) }
    signature.states = [
      .init("moving_mean", channels, Initializers.Zeros()),
      .init("moving_variance", channels, Initializers.Ones()),
    ]
    // The mean, and one over the standard deviation.
    signature.saved = [channels, channels]
    signature.forwardScratch = [[sums], channels, channels]
    signature.backwardScratch = [[sums], channels, channels, channels, channels, channels]
    signature.retains = [.input(0)]
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    guard poolsMaxima else { return signature }
    let windows = PoolingGeometry(plain2x2: x)
    let y = try Shape(checked: [x[0], windows.outputHeight, windows.outputWidth, x.last])
    signature.outputs = [y]
    // Where each maximum lay.
    signature.saved.append(y)
    signature.forwardScratch.append([RowScaling.scratchCount(windows)])
    signature.backwardScratch.append(
      [RowGradient<Float>.scratchCount(rows: rows, columns: x.last)])
    (signature.forwardInPlace, signature.backwardInPlace) = (false, false)
    signature.overwritesInput = true
    return signature
  }

  private func gamma<S: Scalar>(_ pass: Pass<S>) -> UnsafePointer<S>? {
    scale ? UnsafePointer(pass.parameters[0].base) : nil
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let x = pass.inputs[0]
    let (channels, rows) = (x.shape.last, x.count / x.shape.last)
    let (mean, inverse) = (pass.saved[0].base, pass.saved[1].base)
    if pass.isTraining, !isFrozen {
      ColumnStatistics.moments(
        x.base, rows: rows, columns: channels, mean: mean, variance: inverse,
        scratch: pass.scratch[0].base, pool: pass.pool)
      for index in 0..<2 {
        BatchFactors.move(
          pass.states[index].base, towards: pass.saved[index].base, momentum: S(momentum),
          count: channels)
      }
    } else {
      for index in 0..<2 { pass.saved[index].copy(from: pass.states[index].base) }
    }
    BatchFactors.inverseDeviations(inverse, epsilon: S(epsilon), into: inverse, count: channels)
    let (factor, offset) = (pass.scratch[1].base, pass.scratch[2].base)
    BatchFactors.affine(
      gamma: gamma(pass), beta: center ? UnsafePointer(pass.parameters[scale ? 1 : 0].base) : nil,
      mean: mean, inverse: inverse, scale: factor, offset: offset, count: channels)
    if poolsMaxima {
      RowScaling.maxima(
        x.base, scale: factor, offset: offset, into: pass.outputs[0].base,
        indices: pass.saved[2].base, PoolingGeometry(plain2x2: x.shape),
        scratch: pass.scratch[3].base, pool: pass.pool)
    } else {
      RowScaling.apply(
        x.base, scale: factor, offset: offset, into: pass.outputs[0].base, rows: rows,
        columns: channels, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (x, dy) = (pass.inputs[0], UnsafePointer(pass.outputGradients[0].base))
    let (channels, rows) = (x.shape.last, x.count / x.shape.last)
    let (mean, inverse) = (pass.saved[0].base, pass.saved[1].base)
    let (dgamma, dbeta) = (pass.scratch[1].base, pass.scratch[2].base)
    let dz: RowGradient<S> =
      poolsMaxima
      ? .pooled(
        dy, indices: UnsafePointer(pass.saved[2].base), PoolingGeometry(plain2x2: x.shape))
      : .plain(dy)
    let blocks = poolsMaxima ? pass.scratch[6].base : nil
    ColumnStatistics.centeredProducts(
      x.base, dz, mean: mean, rows: rows, columns: channels, into: dgamma, sums: dbeta,
      scratch: pass.scratch[0].base, blocks: blocks, pool: pass.pool)
    BatchFactors.normalize(dgamma, inverse: inverse, count: channels)
    for index in pass.parameterGradients.indices {
      guard let gradient = pass.parameterGradients[index] else { continue }
      Elementwise.copy(
        scale && index == 0 ? dgamma : dbeta, into: gradient.view.base, count: channels,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
    guard let gradient = pass.inputGradients[0] else { return }
    let (a, b, d) = (pass.scratch[3].base, pass.scratch[4].base, pass.scratch[5].base)
    if pass.isTraining, !isFrozen {
      BatchFactors.gradientFactors(
        gamma: gamma(pass), mean: mean, inverse: inverse, dgamma: dgamma, dbeta: dbeta,
        rows: rows, a: a, b: b, d: d, count: channels)
    } else {
      BatchFactors.constantFactors(
        gamma: gamma(pass), inverse: inverse, a: a, b: b, d: d, count: channels)
    }
    RowScaling.combine(
      dz, x.base, a: a, b: b, d: d, into: gradient.view.base, rows: rows, columns: channels,
      accumulate: gradient.accumulates, blocks: blocks, pool: pass.pool)
  }

  public static var samples: [Sample<BatchNormalization>] {
    var plain = BatchNormalization()
    (plain.center, plain.scale) = (false, false)
    var shifted = BatchNormalization()
    (shifted.scale, shifted.momentum, shifted.epsilon) = (false, 0.5, 0.1)
    var pooled = BatchNormalization()
    pooled.poolsMaxima = true
    return [
      Sample(BatchNormalization(), inputs: [[6, 3]]),
      Sample(BatchNormalization(), inputs: [[2, 3, 2, 2]]),
      Sample(BatchNormalization(), inputs: [[3, 2, 2]], isTraining: false),
      Sample(plain, inputs: [[5, 2]]),
      Sample(shifted, inputs: [[4, 3]]),
      Sample(BatchNormalization().frozen(), inputs: [[4, 3]]),
      Sample(plain.frozen(), inputs: [[2, 3, 2]]),
      Sample(pooled.frozen(), inputs: [[2, 4, 4, 2]], values: [.distinct]),
      Sample(pooled, inputs: [[2, 4, 6, 3]], values: [.distinct]),
      Sample(pooled, inputs: [[2, 5, 3, 2]], values: [.distinct], isTraining: false),
    ]
  }
}
