public import Kernels
public import TensorCore

/// Everything one run of one layer reads and writes, bound to memory when the plan is made.
///
/// The order of each list is that of the layer's signature.
public struct Pass<S: Scalar>: @unchecked Sendable {
  public var inputs: [View<S>]
  public var outputs: [View<S>]
  public var parameters: [View<S>]
  public var states: [View<S>]
  public var carried: [View<S>]
  public var saved: [View<S>]
  /// `forwardScratch` in forward, `backwardScratch` in backward.
  public var scratch: [View<S>]
  /// The gradients of the outputs, for backward only; all are given.
  public var outputGradients: [View<S>]
  /// Where the gradients of the inputs go; nil for those that nobody needs.
  ///
  /// Two inputs may be one value; the later of the two then accumulates, so they must be written in order.
  public var inputGradients: [Gradient<S>?]
  /// Where the gradients of the parameters go; nil for those that nobody updates.
  public var parameterGradients: [Gradient<S>?]
  /// `forwardProducts` in forward, `backwardProducts` in backward, each with its engine.
  public var products: BoundProducts
  /// What changes from step to step.
  public let context: StepContext
  /// Which user of randomness the node is.
  public let stream: UInt64

  public init(
    inputs: [View<S>], outputs: [View<S>], parameters: [View<S>] = [], states: [View<S>] = [],
    carried: [View<S>] = [], saved: [View<S>] = [], scratch: [View<S>] = [],
    outputGradients: [View<S>] = [],
    inputGradients: [Gradient<S>?] = [], parameterGradients: [Gradient<S>?] = [],
    products: BoundProducts = .none, context: StepContext, stream: UInt64
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.states = states
    self.carried = carried
    self.saved = saved
    self.scratch = scratch
    self.outputGradients = outputGradients
    self.inputGradients = inputGradients
    self.parameterGradients = parameterGradients
    self.products = products
    self.context = context
    self.stream = stream
  }

  /// The threads to share chunks out to.
  public var pool: WorkerPool { context.pool }

  /// Whether this is a step of training: dropout drops, batch normalisation uses the batch.
  public var isTraining: Bool { context.isTraining }

  /// The node's random numbers of this step; backward sees the same as forward.
  public var random: RandomStream {
    RandomStream(seed: context.seed, stream: stream, step: context.step)
  }
}

/// What changes from step to step, shared by all passes of a plan; the session's owner sets it between runs.
public final class StepContext: @unchecked Sendable {
  public let pool: WorkerPool
  public let seed: UInt64
  /// The number of the step, from 0; evaluation numbers its batches.
  public var step = 0
  public var isTraining = false

  public init(pool: WorkerPool, seed: UInt64) {
    self.pool = pool
    self.seed = seed
  }
}
