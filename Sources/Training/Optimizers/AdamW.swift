import Kernels
public import Settings
public import TensorCore

/// Adam whose weight decay acts on the values, not through the gradient.
public struct AdamW: Optimizer {
  public var learningRate = ScheduledNumber(0.001)
  public var weightDecay = 0.01
  var means = AdamMeans()

  public init() {}

  public static let type = "adamw"
  public static let manual = """
    Adam with decoupled weight decay (Loshchilov and Hutter 2019).

    w = w (1 - learning_rate weight_decay), then Adam's step with g alone. PyTorch's AdamW; Keras's default
    weight_decay is 0.004, and its epsilon stands as in its Adam.
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
    // Decay acts on the values themselves, not through the gradient.
    let numbers = OptimizerUpdates.Step(
      learningRate: learningRate, decay: 0, gradientScale: gradientScale)
    OptimizerUpdates.adam(
      values, gradients: gradients, mean: moments[0], square: moments[1], count: count, rows: rows,
      number: step, numbers, shrinkage: learningRate * decay, beta1: means.beta1,
      beta2: means.beta2, epsilon: means.epsilon, pool: pool)
  }
}
