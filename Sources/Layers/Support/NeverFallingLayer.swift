import GraphIR
import TensorCore

/// A layer of one function of single elements that never falls, rounding included, and draws no random numbers.
///
/// The largest of some of its values is its value for the largest, and there are fewer of those, so a maximum over windows
/// goes first. Elements that the function makes equal may give their gradient to one another by that.
protocol NeverFallingLayer: StepwiseLayer, FusableLayer {}

extension NeverFallingLayer {
  public func fusion(with next: any Layer, on inputs: [Shape]) -> Fusion? {
    let isMasked = (next as? any MaskedLayer)?.isMasked ?? false
    return next is any MaximumLayer && !isMasked ? .swapped : nil
  }
}
