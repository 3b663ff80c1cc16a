public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, i, j, c] = the mean of x[n, ., ., c] over the window at (i, j).
public struct AveragePooling2D: Layer, PoolingSettings {
  public static let type = "average_pooling2d"
  public static let manual = """
    The mean of each window of an image, channel by channel.

    y[n, i, j, c] = mean over a, b of x[n, i s_h - p_t + a, j s_w - p_l + b, c]

    Input [N, H, W, C], output [N, H', W', C]. With valid padding H' = (H - pool_height) / stride + 1,
    rounded down; with same padding H' = H / stride, rounded up. The mean is over the pixels of the
    window that lie in the image, as in Keras; PyTorch's AvgPool2d does so with
    count_include_pad=False.
    """
  public static let fields = [
    Field(
      "pool_size", \AveragePooling2D.poolSize, WindowPlacement.limits,
      "The height and width of a window."),
    Field(
      "strides", \AveragePooling2D.strides, WindowPlacement.limits,
      "The distance between windows; pool_size if absent."),
    Field("padding", \AveragePooling2D.padding, "How far windows reach outside the image."),
  ]

  public var poolSize = Pair(2)
  public var strides: Pair?
  public var padding = Padding.valid

  public init() {}

  public init(poolSize: Pair, strides: Pair? = nil, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    Signature(outputs: [try shapes(inputs).y])
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    AveragePooling.forward(
      pass.inputs[0].base, into: pass.outputs[0].base,
      acceptedGeometry(on: pass.inputs[0].shape), pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    AveragePooling.backward(
      pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      acceptedGeometry(on: gradient.view.shape), pool: pass.pool)
  }

  public static var samples: [Sample<AveragePooling2D>] {
    let odd = AveragePooling2D(poolSize: Pair(3, 2), strides: Pair(2, 1), padding: .same)
    let explicit = AveragePooling2D(
      poolSize: Pair(3), strides: Pair(2),
      padding: .explicit(top: 1, bottom: 0, left: 2, right: 1))
    return [
      Sample(AveragePooling2D(), inputs: [[2, 4, 6, 3]], values: [.normal]),
      Sample(AveragePooling2D(), inputs: [[2, 5, 3, 2]], values: [.normal]),
      Sample(odd, inputs: [[2, 5, 4, 2]], values: [.normal]),
      Sample(explicit, inputs: [[2, 4, 5, 2]], values: [.normal]),
      Sample(
        AveragePooling2D(poolSize: Pair(4), padding: .same), inputs: [[2, 2, 3, 1]],
        values: [.normal]),
    ]
  }
}
