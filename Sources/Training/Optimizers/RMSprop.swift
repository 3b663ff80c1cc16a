import Kernels
public import Settings
public import TensorCore

/// Steps divided by the root of a running mean of g².
public struct RMSprop: Optimizer {
  public var learningRate = ScheduledNumber(0.001)
  public var weightDecay = 0.0
  public var rho = 0.9
  public var momentum = 0.0
  public var epsilon = 1e-8

  public init() {}

  public static let type = "rmsprop"
  public static let manual = """
    Gradients divided by the root of their running mean square (Hinton 2012, lecture 6e).

    g' = g + weight_decay w; v = rho v + (1 - rho) g'^2; d = g' / (sqrt(v) + epsilon); with momentum
    b = momentum b + d and d = b; w = w - learning_rate d. PyTorch's RMSprop, whose default rho ("alpha") is 0.99
    and learning rate 0.01. Keras puts its epsilon (1e-7) under the root and the learning rate into b.
    """

  public static var fields: [Field<Self>] {
    commonFields + [
      .init("rho", \.rho, .decayRate, "How much of the mean square is kept."),
      .init("momentum", \.momentum, .decayRate, "How much of the last step is kept."),
      .init("epsilon", \.epsilon, .above(0), "Keeps the divisor from 0."),
    ]
  }

  public var momentNames: [String] { momentum == 0 ? ["square"] : ["square", "momentum"] }

  public func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool
  ) {
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: decay, gradientScale: gradientScale)
    if moments.count > 1 {
      OptimizerUpdates.rmsprop(
        values, gradients: gradients, square: moments[0], velocity: moments[1], count: count,
        rows: rows, numbers, rho: rho, epsilon: epsilon, momentum: momentum, pool: pool)
    } else {
      OptimizerUpdates.rmsprop(
        values, gradients: gradients, square: moments[0], count: count, rows: rows, numbers,
        rho: rho, epsilon: epsilon, pool: pool)
    }
  }
}
