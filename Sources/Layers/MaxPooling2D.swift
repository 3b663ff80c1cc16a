public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, i, j, c] = the maximum of x[n, ., ., c] over the window at (i, j).
public struct MaxPooling2D: PoolingSettings, MaximumLayer {
  public static let type = "max_pooling2d"
  public static let manual = """
    The maximum of each window of an image, channel by channel.

    y[n, i, j, c] = max over a, b of x[n, i s_h - p_t + a, j s_w - p_l + b, c]

    Input [N, H, W, C], output [N, H', W', C]. With valid padding H' = (H - pool_height) / stride + 1,
    rounded down; with same padding H' = H / stride, rounded up. Pixels outside the image take no
    part. Of equal pixels the first one gets the gradient. As Keras; PyTorch's MaxPool2d is the
    same with explicit padding.
    """
  public static let fields = [
    Field(
      "pool_size", \MaxPooling2D.poolSize, WindowPlacement.limits,
      "The height and width of a window."),
    Field(
      "strides", \MaxPooling2D.strides, WindowPlacement.limits,
      "The distance between windows; pool_size if absent."),
    Field("padding", \MaxPooling2D.padding, "How far windows reach outside the image."),
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
    // A window's pixels are numbered by scalars, which are exact up to 2^24.
    guard poolSize.height * poolSize.width <= 1 << 24 else {
      throw ShapeError("expects windows of at most 2^24 pixels")
    }
    let (_, y) = try shapes(inputs)
    var signature = Signature(outputs: [y])
    signature.saved = [y]
    return signature
  }

  func hasPlainWindows(on x: Shape) -> Bool { acceptedGeometry(on: x).isPlain2x2 }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    MaxPooling.forward(
      pass.inputs[0].base, into: pass.outputs[0].base, indices: pass.saved[0].base,
      acceptedGeometry(on: pass.inputs[0].shape), pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    MaxPooling.backward(
      pass.outputGradients[0].base, indices: pass.saved[0].base, into: gradient.view.base,
      accumulate: gradient.accumulates, acceptedGeometry(on: gradient.view.shape), pool: pass.pool)
  }

  public static var samples: [Sample<MaxPooling2D>] {
    let odd = MaxPooling2D(poolSize: Pair(3, 2), strides: Pair(2, 1), padding: .same)
    let explicit = MaxPooling2D(
      poolSize: Pair(3), strides: Pair(2),
      padding: .explicit(top: 1, bottom: 0, left: 2, right: 1))
    return [
      Sample(MaxPooling2D(), inputs: [[2, 4, 6, 3]], values: [.distinct]),
      Sample(MaxPooling2D(), inputs: [[2, 5, 3, 2]], values: [.distinct]),
      Sample(odd, inputs: [[2, 5, 4, 2]], values: [.distinct]),
      Sample(explicit, inputs: [[2, 4, 5, 2]], values: [.distinct]),
      Sample(
        MaxPooling2D(poolSize: Pair(4), padding: .same), inputs: [[2, 2, 3, 1]], values: [.distinct]
      ),
    ]
  }
}
