public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, c] = the mean of x[n, ., ., c].
public struct GlobalAveragePooling2D: Layer {
  public static let type = "global_average_pooling2d"
  public static let manual = """
    The mean of each channel over the whole image.

    y[n, c] = mean over h, w of x[n, h, w, c]

    Input [N, H, W, C], output [N, C].
    Source: M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014.
    """
  public static let fields: [Field<GlobalAveragePooling2D>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, H, W, C]") { $0.rank == 4 }
    return Signature(outputs: [[x[0], x[3]]])
  }

  /// One window, as large as the image.
  private func geometry(_ x: Shape) -> PoolingGeometry {
    PoolingGeometry(
      batch: x[0], inputHeight: x[1], inputWidth: x[2], channels: x[3], windowHeight: x[1],
      windowWidth: x[2], strideHeight: x[1], strideWidth: x[2], paddingTop: 0, paddingLeft: 0,
      outputHeight: 1, outputWidth: 1)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    AveragePooling.forward(
      pass.inputs[0].base, into: pass.outputs[0].base, geometry(pass.inputs[0].shape),
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    AveragePooling.backward(
      pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      geometry(gradient.view.shape), pool: pass.pool)
  }

  public static var samples: [Sample<GlobalAveragePooling2D>] {
    [Sample(GlobalAveragePooling2D(), inputs: [[2, 3, 4, 3]])]
  }
}
