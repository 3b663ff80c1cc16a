import GraphIR
import Settings
import TensorCore

/// Where windows lie on an image [N, H, W, C], or on a sequence [N, T, F]: the rule of output extents that convolution
/// and pooling share.
struct WindowPlacement {
  /// One axis of it.
  struct Axis {
    var output: Int
    var paddingBefore: Int
  }

  var rows: Axis
  var columns: Axis

  /// How large kernels, strides and dilations may be: far beyond use, and no product of two overflows.
  static let limits = Bounds<Pair>.bothWithin(range)
  /// The same for those of sequences.
  static let sequenceLimits = Bounds<Int>.within(range)
  private static let range = 1...1 << 20

  /// Throws: where no window fits.
  ///
  /// - Parameters:
  ///   - overlapsImage: whether a padding as wide as the window is refused, as pooling needs it: a window must hold at
  ///     least one pixel of the image.
  init(
    on image: Shape, window: Pair, strides: Pair, dilation: Pair = Pair(1), padding: Padding,
    overlapsImage: Bool = false
  ) throws(ShapeError) {
    let (vertical, horizontal): ((Int, Int)?, (Int, Int)?) =
      switch padding {
      case .valid: ((0, 0), (0, 0))
      case .same: (nil, nil)
      case .explicit(let top, let bottom, let left, let right): ((top, bottom), (left, right))
      }
    if overlapsImage, let vertical, let horizontal {
      guard max(vertical.0, vertical.1) < window.height,
        max(horizontal.0, horizontal.1) < window.width
      else {
        throw ShapeError(
          "expects a padding smaller than its windows \(window.height) x \(window.width)")
      }
    }
    guard
      let rows = Self.place(
        on: image[1], window: window.height, stride: strides.height, dilation: dilation.height,
        vertical),
      let columns = Self.place(
        on: image[2], window: window.width, stride: strides.width, dilation: dilation.width,
        horizontal)
    else {
      let reach = (
        (window.height - 1) * dilation.height + 1, (window.width - 1) * dilation.width + 1
      )
      throw ShapeError(
        expects: "images that hold its windows of \(reach.0) x \(reach.1) pixels", got: [image])
    }
    (self.rows, self.columns) = (rows, columns)
  }

  /// The windows on the steps of a sequence [N, T, F].
  ///
  /// Throws: where no window fits.
  ///
  /// - Parameter padding: steps before and after the sequence; nil for as many as `"same"` means.
  static func steps(
    of sequence: Shape, window: Int, stride: Int, dilation: Int = 1, _ padding: (Int, Int)?
  ) throws(ShapeError) -> Axis {
    guard
      let steps = place(
        on: sequence[1], window: window, stride: stride, dilation: dilation, padding)
    else {
      throw ShapeError(
        expects: "sequences that hold its windows of \((window - 1) * dilation + 1) steps",
        got: [sequence])
    }
    return steps
  }

  /// Checks that windows on a sequence [N, T, F] with this mask lie where they would without its padding.
  ///
  /// - Parameters:
  ///   - reach: how many steps a window spans.
  ///   - isSame: whether `"same"` tells what lies before the sequence.
  static func checkMask(
    _ mask: Shape?, of x: Shape, reach: Int, stride: Int, isSame: Bool
  ) throws(ShapeError) {
    guard let mask, mask.dimensions == [x[0], x[1]] else {
      throw ShapeError(expects: "a mask [\(x[0]), \(x[1])]", got: [mask].compactMap(\.self))
    }
    // From the length on, `place` puts between these two before it.
    guard !isSame || max(0, reach - stride) / 2 == (reach - 1) / 2 else {
      throw ShapeError(
        "places windows of \(reach) steps, \(stride) apart, by the length of a sequence with its padding, for its padding "
          + "is \"same\"; where some steps are padding, take \"valid\"")
    }
  }

  /// The windows on one axis: o = (H + before + after - dilation (window - 1) - 1) / stride + 1, rounded down.
  ///
  /// For `"same"`, where `padding` is nil, o = H / stride, rounded up. Nil where not one window fits.
  private static func place(
    on extent: Int, window: Int, stride: Int, dilation: Int, _ padding: (Int, Int)?
  ) -> Axis? {
    let reach = (window - 1) * dilation + 1
    guard let (before, after) = padding else {
      let output = (extent - 1) / stride + 1
      let missing = max(0, (output - 1) * stride + reach - extent)
      return Axis(output: output, paddingBefore: missing / 2)
    }
    let room = extent + before + after - reach
    return room < 0 ? nil : Axis(output: room / stride + 1, paddingBefore: before)
  }
}
