public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t] = 1 where all of m[n, t s + a d], a < w, count, else 0.
public struct WindowMask: Layer {
  public static let type = "window_mask"
  public static let manual = """
    Tells which windows of sequences hold no padding, from the mask of their steps.

    y[n, t] = 1 where m[n, t s + a d] is not 0 for all a < w, else 0

    Input a mask m [N, T], output [N, T'] with T' = (T - d (w - 1) - 1) / s + 1, rounded down, without a
    gradient; w = window, s = strides, d = dilation_rate. Layers that look through windows at sequences
    with a mask put one into the graph by themselves.
    """
  public static let fields = [
    Field(
      "window", \WindowMask.window, WindowPlacement.sequenceLimits,
      "w, how many steps a window has."
    ),
    Field(
      "strides", \WindowMask.strides, WindowPlacement.sequenceLimits,
      "s, the distance between windows."),
    Field(
      "dilation_rate", \WindowMask.dilationRate, WindowPlacement.sequenceLimits,
      "d, the distance between the steps of a window."),
  ]

  public var window = 1
  public var strides = 1
  public var dilationRate = 1

  public init() {}

  public init(window: Int, strides: Int, dilationRate: Int = 1) {
    (self.window, self.strides, self.dilationRate) = (window, strides, dilationRate)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let mask = try inputs.only("one mask [N, T]") { $0.rank == 2 }
    let windows = try WindowPlacement.steps(
      of: mask, window: window, stride: strides, dilation: dilationRate, (0, 0))
    var signature = Signature(outputs: [[mask[0], windows.output]])
    signature.undifferentiable = [0]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (mask, y) = (pass.inputs[0], pass.outputs[0])
    WholeWindows.mark(
      mask.base, batch: mask.shape[0], steps: mask.shape[1], window: window, stride: strides,
      dilation: dilationRate, into: y.base, outputs: y.shape[1])
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {}

  public static var samples: [Sample<WindowMask>] {
    [
      Sample(WindowMask(window: 1, strides: 2), inputs: [[2, 5]], values: [.binary]),
      Sample(
        WindowMask(window: 2, strides: 1, dilationRate: 2), inputs: [[3, 6]], values: [.binary]),
    ]
  }
}
