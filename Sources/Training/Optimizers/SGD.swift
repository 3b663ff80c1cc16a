import Kernels
public import Settings
public import TensorCore

/// w ← w - η (g + λ w), with momentum if wished.
public struct SGD: Optimizer {
  public var learningRate = ScheduledNumber(0.01)
  public var weightDecay = 0.0
  public var momentum = 0.0
  public var nesterov = false

  public init() {}

  public static let type = "sgd"
  public static let manual = """
    Stochastic gradient descent, with momentum if wished.

    g' = g + weight_decay w; with momentum b = momentum b + g' (b = 0 at first), and g' = b, or g' + momentum b with
    nesterov; w = w - learning_rate g'. PyTorch's SGD. Keras keeps learning_rate b instead of b, which differs while
    the rate changes.
    """

  public static var fields: [Field<Self>] {
    commonFields + [
      .init("momentum", \.momentum, .decayRate, "How much of the last step is kept."),
      .init("nesterov", \.nesterov, "Whether the step looks ahead along the momentum."),
    ]
  }

  public var contradiction: String? {
    nesterov && momentum == 0 ? "\"nesterov\" needs a \"momentum\" above 0" : nil
  }

  public var momentNames: [String] { momentum == 0 ? [] : ["momentum"] }

  public func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool
  ) {
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: decay, gradientScale: gradientScale)
    if let velocity = moments.isEmpty ? nil : moments[0] {
      OptimizerUpdates.sgd(
        values, gradients: gradients, velocity: velocity, count: count, rows: rows, numbers,
        momentum: momentum, nesterov: nesterov, pool: pool)
    } else {
      OptimizerUpdates.sgd(
        values, gradients: gradients, count: count, rows: rows, numbers, pool: pool)
    }
  }
}
