import TensorCore

/// Steps of optimizers over flat memory, one a file, each one pass over it; formulas are PyTorch's.
///
/// Letters: w values, g gradients, η rate, t the number of the step from 1. Every update first forms
/// g' = scale g + decay w; moments are as long as w and zero before the first step. Elements do not know of each
/// other: memory may be cut into segments anywhere, on any pool, with the same bits. Where `rows` are given, the memory is
/// a table and the gradients of all other rows are zero; they are not read.
public enum OptimizerUpdates {
  /// What all updates take.
  public struct Step: Sendable, Equatable {
    /// η.
    public var learningRate: Double
    /// λ of the weight decay that goes into the gradient.
    public var decay: Double
    /// What gradients are multiplied by first, for clipping and accumulation.
    public var gradientScale: Double

    public init(learningRate: Double, decay: Double = 0, gradientScale: Double = 1) {
      self.learningRate = learningRate
      self.decay = decay
      self.gradientScale = gradientScale
    }

    /// The three numbers as `S`.
    @inline(__always)
    func numbers<S: Scalar>(_: S.Type = S.self) -> (rate: S, decay: S, scale: S) {
      (S(learningRate), S(decay), S(gradientScale))
    }
  }
}
