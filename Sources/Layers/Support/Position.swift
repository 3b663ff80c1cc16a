import GraphIR
import TensorCore

extension Pass {
  /// Where in the sequence the first step of this run lies, which the layer carries; 0 where whole sequences come.
  ///
  /// - Parameter steps: the T of whole sequences; nil where they come whole. Behind its end positions stay the last.
  func takePosition(_ steps: Int?) -> Int {
    guard let steps else { return 0 }
    let position = Int(carried[0][0])
    carried[0][0] = S(min(position + inputs[0].shape[1], steps - 1))
    return position
  }
}
