public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, f] = the maximum of x[n, ., f].
public struct GlobalMaxPooling1D: Layer {
  public static let type = "global_max_pooling1d"
  public static let manual = """
    The maximum of each feature over the whole sequence.

    y[n, f] = max over t of x[n, t, f]

    Input [N, T, F], output [N, F]. Of equal steps the first one gets the gradient. As Keras.
    """
  public static let fields: [Field<GlobalMaxPooling1D>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F] of at most 2^24 steps") {
      // Steps are numbered by scalars, which are exact up to 2^24.
      $0.rank == 3 && $0[1] <= 1 << 24
    }
    let y: Shape = [x[0], x[2]]
    var signature = Signature(outputs: [y])
    signature.saved = [y]
    return signature
  }

  /// One window, as long as the sequence.
  private func geometry(_ x: Shape) -> PoolingGeometry {
    PoolingGeometry(
      batch: x[0], inputHeight: 1, inputWidth: x[1], channels: x[2], windowHeight: 1,
      windowWidth: x[1], strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingLeft: 0,
      outputHeight: 1, outputWidth: 1)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    MaxPooling.forward(
      pass.inputs[0].base, into: pass.outputs[0].base, indices: pass.saved[0].base,
      geometry(pass.inputs[0].shape), pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    MaxPooling.backward(
      pass.outputGradients[0].base, indices: pass.saved[0].base, into: gradient.view.base,
      accumulate: gradient.accumulates, geometry(gradient.view.shape), pool: pass.pool)
  }

  public static var samples: [Sample<GlobalMaxPooling1D>] {
    [Sample(GlobalMaxPooling1D(), inputs: [[3, 4, 2]], values: [.distinct])]
  }
}
