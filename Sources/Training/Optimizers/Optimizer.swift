public import Settings
public import TensorCore

/// How parameters move by their gradients.
///
/// An optimizer is a value and holds no numbers of a network: parameters, gradients and each moment are flat memory of
/// equal length, and it updates any segment of them. Formulas are PyTorch's, letter by letter:
/// w values, g gradient, η learning rate, λ weight decay, t the update's number from 1.
public protocol Optimizer: Variant {
  /// η: a number or a schedule.
  var learningRate: ScheduledNumber { get set }
  /// λ, for the segments that are not excluded from it.
  var weightDecay: Double { get set }
  /// How many blocks of state it keeps, each as long as the parameters and zero at first.
  var moments: Int { get }
  /// What the blocks are called in a checkpoint, in their order.
  var momentNames: [String] { get }

  /// Moves `count` values by their gradients and brings the moments up to date.
  ///
  /// `decay` is λ of this segment (0 where it is excluded); gradients are multiplied by `gradientScale` first (for
  /// clipping and accumulation). Where there are `rows`, the values are a table and the gradients of its other rows are zero.
  /// The result depends neither on how the memory is cut into segments nor on the pool.
  func update<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    moments: [UnsafeMutablePointer<S>], count: Int, rows: RowSet?, step: Int, learningRate: Double,
    decay: Double, gradientScale: Double, pool: WorkerPool)
}

extension Optimizer {
  public var moments: Int { momentNames.count }

  /// The fields that all optimizers have.
  static var commonFields: [Field<Self>] {
    [
      .init("learning_rate", \.learningRate, "How far a step goes: a number or a schedule."),
      .init("weight_decay", \.weightDecay, .atLeast(0), "How strongly parameters are drawn to 0."),
    ]
  }
}

/// The kinds of optimizer, sorted by name.
public let optimizerRegistry = Registry<any Optimizer>(
  "optimizer",
  [Adadelta.self, Adagrad.self, Adam.self, AdamW.self, RMSprop.self, SGD.self])

extension Bounds where Value == Double {
  /// A rate of an average: 0 forgets at once, 1 would never learn.
  static var decayRate: Bounds { .within(0..<1) }
}
