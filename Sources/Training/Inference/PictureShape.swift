import Formats
import TensorCore

/// The extents of a picture that a row holds: [H, W, C], or [H, W] for grey.
struct PictureShape: Sendable, Equatable {
  let height: Int
  let width: Int
  /// 1 grey, 3 RGB.
  let channels: Int

  /// nil for a shape that is none of a picture.
  init?(_ shape: Shape) {
    guard shape.rank == 2 || shape.rank == 3 && [1, 3].contains(shape.last), shape.count > 0
    else { return nil }
    (height, width) = (shape[0], shape[1])
    channels = shape.rank == 2 ? 1 : shape.last
  }

  var count: Int { height * width * channels }

  /// Whether a picture of this shape is as large as one of another and can be given as many channels.
  func canStandBeside(_ other: Shape) -> Bool {
    guard let other = PictureShape(other) else { return false }
    return height == other.height && width == other.width
      && (channels == 1 || channels == other.channels)
  }
}

extension ImageGrid {
  /// Pictures of one shape in rows of so many; small ones are enlarged, so that people can see them.
  init(columns: Int, of shape: PictureShape, range: ClosedRange<Float>) {
    let zoom = max(1, 56 / max(shape.height, shape.width))
    self.init(columns: columns, range: range.isEmptyRange ? 0...1 : range, zoom: zoom)
  }

  func image(of values: [Float], _ shape: PictureShape) -> RasterImage {
    image(
      of: values, count: values.count / shape.count, height: shape.height, width: shape.width,
      channels: shape.channels)
  }
}

extension ClosedRange<Float> {
  /// Whether black and white would be one.
  fileprivate var isEmptyRange: Bool { !(upperBound - lowerBound > 0) }

  /// From the least to the greatest of some numbers; 0 to 1 where none is finite.
  init(of values: [Float]) {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      self = 0...1
      return
    }
    self = low...high
  }
}
