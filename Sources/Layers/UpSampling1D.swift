public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// Longer sequences: each step of x becomes `size` steps of y.
public struct UpSampling1D: Layer {
  public static let type = "up_sampling1d"
  public static let manual = """
    Makes sequences longer by a whole factor: every step is repeated.

    y[n, t, f] = x[n, t / size, f], rounded down

    Input [N, T, F], output [N, T size, F]. As Keras.
    """
  public static let fields = [
    Field(
      "size", \UpSampling1D.size, WindowPlacement.sequenceLimits, "How often a step is repeated.")
  ]

  public var size = 2

  public init() {}

  public init(size: Int) { self.size = size }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F]") { $0.rank == 3 }
    let steps = x[1].multipliedReportingOverflow(by: size)
    guard !steps.overflow else { throw ShapeError("would make a tensor that is too large") }
    return Signature(outputs: [try Shape(checked: [x[0], steps.partialValue, x[2]])])
  }

  /// As images one pixel high.
  private func upsampling(of x: Shape) -> Upsampling {
    Upsampling(
      batch: x[0], height: 1, width: x[1], channels: x[2], heightFactor: 1, widthFactor: size,
      interpolation: .nearest)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    upsampling(of: pass.inputs[0].shape).forward(
      pass.inputs[0].base, into: pass.outputs[0].base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    upsampling(of: gradient.view.shape).backward(
      pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<UpSampling1D>] {
    [
      Sample(UpSampling1D(), inputs: [[2, 3, 2]]),
      Sample(UpSampling1D(size: 3), inputs: [[1, 2, 1]]),
    ]
  }
}
