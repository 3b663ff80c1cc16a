import Kernels
public import Settings
public import TensorCore

/// Steps of about one learning rate, by running means of g and g².
public struct Adam: Optimizer {
  public var learningRate = ScheduledNumber(0.001)
  public var weightDecay = 0.0
  var means = AdamMeans()

  public init() {}

  public static let type = "adam"
  public static let manual = """
    Adaptive moment estimation (Kingma and Ba 2015).

    g' = g + weight_decay w; m = beta_1 m + (1 - beta_1) g'; v = beta_2 v + (1 - beta_2) g'^2;
    w = w - learning_rate (m / (1 - beta_1^t)) / (sqrt(v / (1 - beta_2^t)) + epsilon). PyTorch's Adam. Keras adds its
    epsilon (1e-7) to sqrt(v) before the correction by 1 - beta_2^t, so it weighs more in the first steps.
    """

  public static var fields: [Field<Self>] {
    commonFields
      + AdamMeans.fields(of: Self.self, \.means.beta1, \.means.beta2, \.means.epsilon)
  }

  public var momentNames: [String] { AdamMeans.names }

  public func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool
  ) {
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: decay, gradientScale: gradientScale)
    OptimizerUpdates.adam(
      values, gradients: gradients, mean: moments[0], square: moments[1], count: count, rows: rows,
      number: step, numbers, beta1: means.beta1, beta2: means.beta2, epsilon: means.epsilon,
      pool: pool)
  }
}
