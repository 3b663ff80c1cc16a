public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// Larger images: each pixel of x becomes s_h x s_w pixels of y.
public struct UpSampling2D: Layer {
  /// How a new pixel comes from old ones.
  public enum Interpolation: String, CaseIterable, SettingValue {
    case nearest
    case bilinear
  }

  public static let type = "up_sampling2d"
  public static let manual = """
    Enlarges images by whole factors.

    nearest:  y[n, i, j, c] = x[n, i / s_h, j / s_w, c], rounded down
    bilinear: y[n, i, j, c] = x at ((i + 1/2) / s_h - 1/2, (j + 1/2) / s_w - 1/2), linear between
              pixels and constant beyond the outermost

    Input [N, H, W, C], output [N, H s_h, W s_w, C] with the factors s = size.
    As Keras's UpSampling2D, and PyTorch's Upsample without align_corners.
    """
  public static let fields = [
    Field("size", \UpSampling2D.size, WindowPlacement.limits, "By how much height and width grow."),
    Field("interpolation", \UpSampling2D.interpolation, "How new pixels come from old ones."),
  ]

  public var size = Pair(2)
  public var interpolation = Interpolation.nearest

  public init() {}

  public init(size: Pair, interpolation: Interpolation = .nearest) {
    (self.size, self.interpolation) = (size, interpolation)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, H, W, C]") { $0.rank == 4 }
    let height = x[1].multipliedReportingOverflow(by: size.height)
    let width = x[2].multipliedReportingOverflow(by: size.width)
    guard !height.overflow, !width.overflow else {
      throw ShapeError("would make a tensor that is too large")
    }
    return Signature(
      outputs: [try Shape(checked: [x[0], height.partialValue, width.partialValue, x[3]])])
  }

  private func upsampling(of x: Shape) -> Upsampling {
    Upsampling(
      batch: x[0], height: x[1], width: x[2], channels: x[3], heightFactor: size.height,
      widthFactor: size.width, interpolation: interpolation == .nearest ? .nearest : .bilinear)
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

  public static var samples: [Sample<UpSampling2D>] {
    [
      Sample(UpSampling2D(), inputs: [[2, 2, 3, 2]]),
      Sample(UpSampling2D(size: Pair(2, 3), interpolation: .bilinear), inputs: [[2, 3, 2, 2]]),
      Sample(UpSampling2D(size: Pair(1, 4), interpolation: .bilinear), inputs: [[1, 1, 1, 1]]),
    ]
  }
}
