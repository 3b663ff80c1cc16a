import Kernels
public import Settings
public import TensorCore

/// Steps in the parameters' own unit: the ratio of two running root mean squares.
public struct Adadelta: Optimizer {
  public var learningRate = ScheduledNumber(1)
  public var weightDecay = 0.0
  public var rho = 0.9
  public var epsilon = 1e-6

  public init() {}

  public static let type = "adadelta"
  public static let manual = """
    Steps scaled by the ratio of past steps to past gradients (Zeiler 2012).

    g' = g + weight_decay w; v = rho v + (1 - rho) g'^2; d = g' sqrt(u + epsilon) / sqrt(v + epsilon);
    u = rho u + (1 - rho) d^2; w = w - learning_rate d. PyTorch's Adadelta. Keras has the same formula with
    learning_rate 0.001, rho 0.95 and epsilon 1e-7.
    """

  public static var fields: [Field<Self>] {
    commonFields + [
      .init("rho", \.rho, .decayRate, "How much of the mean squares is kept."),
      .init("epsilon", \.epsilon, .above(0), "Added to the mean squares, so the first step moves."),
    ]
  }

  public var momentNames: [String] { ["square", "step_square"] }

  public func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool
  ) {
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: decay, gradientScale: gradientScale)
    OptimizerUpdates.adadelta(
      values, gradients: gradients, square: moments[0], stepSquare: moments[1], count: count,
      rows: rows, numbers, rho: rho, epsilon: epsilon, pool: pool)
  }
}
