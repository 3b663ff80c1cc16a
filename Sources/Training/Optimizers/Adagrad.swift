import Kernels
public import Settings
public import TensorCore

/// Steps divided by the root of the sum of all g² so far.
public struct Adagrad: Optimizer {
  public var learningRate = ScheduledNumber(0.01)
  public var weightDecay = 0.0
  public var initialAccumulator = 0.0
  public var epsilon = 1e-10

  public init() {}

  public static let type = "adagrad"
  public static let manual = """
    Rates that shrink for each parameter with the gradients it has had (Duchi, Hazan and Singer 2011).

    g' = g + weight_decay w; s = s + g'^2 (s = initial_accumulator_value at first);
    w = w - learning_rate g' / (sqrt(s) + epsilon). PyTorch's Adagrad. Keras starts s at 0.1 and puts its epsilon
    (1e-7) under the root.
    """

  public static var fields: [Field<Self>] {
    commonFields + [
      .init(
        "initial_accumulator_value", \.initialAccumulator, .atLeast(0),
        "What the sum of squares begins with."),
      .init("epsilon", \.epsilon, .above(0), "Keeps the divisor from 0."),
    ]
  }

  public var momentNames: [String] { ["sum"] }

  public func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool
  ) {
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: decay, gradientScale: gradientScale)
    // State begins as zeros in memory, whatever the optimizer.
    OptimizerUpdates.adagrad(
      values, gradients: gradients, sum: moments[0], count: count, rows: rows, numbers,
      start: step == 1 ? initialAccumulator : 0, epsilon: epsilon, pool: pool)
  }
}
