import TensorCore

/// Changes the size of images by the triangle filter: linear interpolation where they grow, weighted means where they shrink.
///
/// Along each axis, with s = old / new and r = max(1, s):
///
///     y[i] = Σ_j w(i, j) x[j],   w(i, j) ∝ max(0, 1 - |j + 1/2 - (i + 1/2) s| / r),   Σ_j w(i, j) = 1
///
/// As Pillow's BILINEAR, and PyTorch's with antialias. First the columns are computed, then the rows.
struct Resampling: Sendable {
  private let old: (height: Int, width: Int)
  private let new: (height: Int, width: Int)
  private let channels: Int
  private let rows: AxisWeights
  private let columns: AxisWeights

  init(
    from old: (height: Int, width: Int), to new: (height: Int, width: Int), channels: Int
  ) {
    (self.old, self.new, self.channels) = (old, new, channels)
    rows = AxisWeights(from: old.height, to: new.height)
    columns = AxisWeights(from: old.width, to: new.width)
  }

  /// Replaces an image [H, W, C] in memory that holds the larger of both.
  func apply(_ values: UnsafeMutablePointer<Float>) {
    let between = old.height * new.width * channels
    withUnsafeTemporaryAllocation(of: Float.self, capacity: between) { buffer in
      guard let middle = buffer.baseAddress else { return }
      for y in 0..<old.height {
        let (source, target) = (
          values + y * old.width * channels, middle + y * new.width * channels
        )
        for x in 0..<new.width {
          for channel in 0..<channels {
            var sum: Float = 0
            for (tap, weight) in columns.taps(of: x) {
              sum += weight * source[tap * channels + channel]
            }
            target[x * channels + channel] = sum
          }
        }
      }
      let row = new.width * channels
      for y in 0..<new.height {
        let target = values + y * row
        target.update(repeating: 0, count: row)
        for (tap, weight) in rows.taps(of: y) {
          for x in 0..<row { target[x] += weight * middle[tap * row + x] }
        }
      }
    }
  }
}

/// Of which old places, in which proportion, each new place along an axis is made.
private struct AxisWeights: Sendable {
  /// For each new place, where its weights begin in `weights` and the old place that the first is of.
  private let starts: [(weight: Int, place: Int)]
  private let weights: [Float]

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let reach = max(1, scale)
    var starts: [(weight: Int, place: Int)] = []
    var weights: [Float] = []
    for place in 0..<new {
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int(centre - reach + 0.5))
      let last = min(old, Int(centre + reach + 0.5))
      let raw = (first..<last).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / reach) }
      let sum = raw.reduce(0, +)
      starts.append((weights.count, first))
      weights += raw.map { Float($0 / sum) }
    }
    starts.append((weights.count, 0))
    (self.starts, self.weights) = (starts, weights)
  }

  /// The old places and their weights.
  func taps(of place: Int) -> some Sequence<(Int, Float)> {
    let (start, end) = (starts[place], starts[place + 1].weight)
    return (start.weight..<end).lazy.map { ($0 - start.weight + start.place, weights[$0]) }
  }
}
