/// Points in the plane as a picture, in a colour for each class, with the ends of both axes and the names of the classes.
public struct ScatterPlot: Sendable {
  /// How many pixels the side of the square is that holds the points.
  public var side: Int
  /// How many pixels a point is high and wide.
  public var dot: Int

  public init(side: Int = 800, dot: Int = 3) {
    precondition(side > 0 && dot > 0, "a plot has pixels")
    (self.side, self.dot) = (side, dot)
  }

  private static let white = Colour(red: 255, green: 255, blue: 255)
  private static let ink = Colour(red: 64, green: 64, blue: 64)
  /// Pixels of a dot of a letter.
  private static let textScale = 2
  /// Pixels around the square.
  private static let margin = 30

  /// Draws the points whose coordinates lie behind one another in `points`: x to the right, y upwards.
  ///
  /// Each axis goes from the least to the largest finite coordinate; points with others are left out. The points are blended
  /// with those below them. `names` are of the classes by their numbers; a class without one, or whose name has other
  /// characters than `BitmapFont`, is called by its number.
  public func image(of points: [Float], _ classes: [Int]?, names: [String] = []) -> RasterImage {
    let count = points.count / 2
    precondition(classes.map { $0.count == count } ?? true, "a class for each point")
    let drawn = (0..<count).filter { points[2 * $0].isFinite && points[2 * $0 + 1].isFinite }
    let number = (classes?.max()).map { max($0 + 1, names.count) } ?? 0
    let labels = (0..<number).map { label($0, names) }
    let legend = labels.map { width(of: $0) }.max().map { $0 + 3 * Self.margin / 2 } ?? 0
    var canvas = Canvas(
      height: side + 2 * Self.margin, width: side + 2 * Self.margin + legend, Self.white)
    canvas.outline(top: Self.margin, left: Self.margin, side: side, Self.ink)
    let axes = (0..<2).map { axis in Axis(drawn.map { points[2 * $0 + axis] }) }
    for row in drawn {
      let x = axes[0].place(points[2 * row], on: side - dot)
      let y = side - dot - axes[1].place(points[2 * row + 1], on: side - dot)
      let colour = classes.map { Colour(of: $0[row], among: number) } ?? Self.ink
      canvas.fill(
        top: Self.margin + y, left: Self.margin + x, height: dot, width: dot, colour, opacity: 0.7)
    }
    for (index, label) in labels.enumerated() {
      let top = Self.margin + index * 10 * Self.textScale
      let left = side + 2 * Self.margin
      let size = BitmapFont.height * Self.textScale
      canvas.fill(
        top: top, left: left, height: size, width: size, Colour(of: index, among: number))
      canvas.write(label, top: top, left: left + 2 * size, scale: Self.textScale, Self.ink)
    }
    writeEnds(of: axes, on: &canvas)
    return canvas.image
  }

  /// The ends of both axes: of x below the square, of y within it, on the left.
  private func writeEnds(of axes: [Axis], on canvas: inout Canvas) {
    let (margin, gap, height) = (Self.margin, 6, BitmapFont.height * Self.textScale)
    let ends = axes.map {
      [Self.shortText($0.range.lowerBound), Self.shortText($0.range.upperBound)]
    }
    for (text, top, left) in [
      (ends[0][0], margin + side + gap, margin),
      (ends[0][1], margin + side + gap, margin + side - width(of: ends[0][1])),
      (ends[1][0], margin + side - height - gap, margin + gap),
      (ends[1][1], margin + gap, margin + gap),
    ] {
      canvas.write(text, top: top, left: left, scale: Self.textScale, Self.ink)
    }
  }

  private func label(_ number: Int, _ names: [String]) -> String {
    let name = number < names.count ? names[number].uppercased() : ""
    return BitmapFont.rows(of: name) == nil || name.count > 16 ? "\(number)" : name
  }

  private func width(of text: String) -> Int {
    (BitmapFont.rows(of: text)?.first?.count ?? 0) * Self.textScale
  }

  /// A number with at most one digit behind the point, or as a whole one.
  private static func shortText(_ value: Float) -> String {
    value.magnitude < 1e6 ? "\((value * 10).rounded() / 10)" : "\(value)".uppercased()
  }
}

/// From where to where an axis goes.
private struct Axis {
  let range: ClosedRange<Float>

  init(_ values: [Float]) {
    range = (values.min() ?? 0)...(values.max() ?? 1)
  }

  /// The pixel of a value among `length + 1`.
  func place(_ value: Float, on length: Int) -> Int {
    // Halves, so that no difference of finite numbers overflows.
    let extent = Double(range.upperBound) - Double(range.lowerBound)
    guard extent > 0 else { return length / 2 }
    return Int((Double(length) * (Double(value) - Double(range.lowerBound)) / extent).rounded())
  }
}
