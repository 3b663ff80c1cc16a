import GraphIR
import TensorCore

/// A layer whose output is the largest elements of parts of its first input, as they are.
protocol MaximumLayer: Layer {
  /// Whether the parts are windows of 2 x 2 pixels that lie side by side on images of this shape.
  func hasPlainWindows(on x: Shape) -> Bool
}

extension MaximumLayer {
  func hasPlainWindows(on x: Shape) -> Bool { false }
}
