import GraphIR
import Kernels
import TensorCore

/// What max and average pooling share.
protocol PoolingSettings {
  var poolSize: Pair { get }
  var strides: Pair? { get }
  var padding: Padding { get }
}

extension PoolingSettings {
  /// Where the windows lie on images of this shape.
  func geometry(on x: Shape) throws(ShapeError) -> PoolingGeometry {
    let strides = strides ?? poolSize
    let placement = try WindowPlacement(
      on: x, window: poolSize, strides: strides, padding: padding, overlapsImage: true)
    return PoolingGeometry(
      batch: x[0], inputHeight: x[1], inputWidth: x[2], channels: x[3],
      windowHeight: poolSize.height, windowWidth: poolSize.width, strideHeight: strides.height,
      strideWidth: strides.width, paddingTop: placement.rows.paddingBefore,
      paddingLeft: placement.columns.paddingBefore, outputHeight: placement.rows.output,
      outputWidth: placement.columns.output)
  }

  /// The same where the shape rule has accepted the shape.
  func acceptedGeometry(on x: Shape) -> PoolingGeometry {
    do { return try geometry(on: x) } catch { preconditionFailure(error.description) }
  }

  /// The shapes of input and output.
  func shapes(_ inputs: [Shape]) throws(ShapeError) -> (x: Shape, y: Shape) {
    let x = try inputs.only("one input [N, H, W, C]") { $0.rank == 4 }
    let geometry = try geometry(on: x)
    return (
      x, try Shape(checked: [x[0], geometry.outputHeight, geometry.outputWidth, x[3]])
    )
  }
}

extension PoolingGeometry {
  /// Windows of 2 x 2 pixels that lie side by side on images [N, H, W, C]; an odd last row or column is in none.
  init(plain2x2 x: Shape) {
    self.init(
      batch: x[0], inputHeight: x[1], inputWidth: x[2], channels: x[3], windowHeight: 2,
      windowWidth: 2, strideHeight: 2, strideWidth: 2, paddingTop: 0, paddingLeft: 0,
      outputHeight: x[1] / 2, outputWidth: x[2] / 2)
  }
}
