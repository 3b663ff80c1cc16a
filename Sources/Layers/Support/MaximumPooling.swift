import GraphIR
import Kernels
import TensorCore

/// A layer that takes the largest of windows of steps; saved first is where each lay.
protocol MaximumPooling: MaskedLayer, MaximumLayer {
  /// The windows where sequences have padding; nil where they have none.
  func counted<S: Scalar>(_ x: Shape, _ pass: Pass<S>) -> CountedWindows<S>?
  /// The windows on sequences of this shape without padding, as images one pixel high.
  func geometry(on x: Shape) -> PoolingGeometry
}

extension MaximumPooling {
  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y, indices) = (pass.inputs[0], pass.outputs[0], pass.saved[0])
    if let counted = counted(x.shape, pass) {
      counted.maximum(x.base, into: y.base, indices: indices.base, pool: pass.pool)
    } else {
      MaxPooling.forward(
        x.base, into: y.base, indices: indices.base, geometry(on: x.shape), pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (dy, dx, indices) = (pass.outputGradients[0], gradient.view, pass.saved[0])
    if let counted = counted(dx.shape, pass) {
      counted.maximumGradient(
        dy.base, indices: indices.base, into: dx.base, accumulate: gradient.accumulates,
        pool: pass.pool)
    } else {
      MaxPooling.backward(
        dy.base, indices: indices.base, into: dx.base, accumulate: gradient.accumulates,
        geometry(on: dx.shape), pool: pass.pool)
    }
  }
}
