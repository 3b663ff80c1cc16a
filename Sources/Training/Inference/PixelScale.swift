import Datasets
import GraphIR
import Layers
import Settings
import TensorCore

/// How the numbers of a field became what networks see, where that can be undone: y = low + x / 255 (high - low) for each number x
/// of a row, as scaling and standardizing do.
struct PixelScale: Sendable {
  private let low: [Float]
  private let high: [Float]

  /// The scale by which the transforms of a split, or of those common to all, change a field; nil where they do anything else.
  init?(of field: DataField, in spec: DataSpec) {
    let all = spec.transforms + (spec.reportedSplit.flatMap { spec[$0] }?.transforms ?? [])
    let (sources, transforms, _) = all.making([field.name])
    let extent = field.shape.count
    // Rows that are black, half white and white say whether the change is a straight line.
    let probes: [Float] = [0, 127.5, 255]
    guard let source = sources.first else { return nil }
    let probe = MemoryDataset(
      count: probes.count,
      [
        (
          DataField(source, field.shape),
          .floats(probes.flatMap { [Float](repeating: $0, count: extent) })
        )
      ])
    guard let pipeline = try? Pipeline(probe, transforms),
      let made = pipeline.fields.firstIndex(where: { $0.name == field.name }),
      pipeline.fields[made].shape == field.shape
    else { return nil }
    var rows: [[Float]] = []
    for row in probes.indices {
      var values = [Float](repeating: 0, count: extent)
      do {
        try values.withUnsafeMutableBufferPointer { values in
          if let base = values.baseAddress { try pipeline.read(row: row, field: made, into: base) }
        }
      } catch { return nil }
      rows.append(values)
    }
    (low, high) = (rows[0], rows[2])
    for i in 0..<extent {
      let size = high[i] - low[i]
      guard size.isFinite, size != 0,
        abs(rows[1][i] - (low[i] + high[i]) / 2) <= 1e-4 * abs(size)
      else { return nil }
    }
  }

  /// What the data would have held, from 0 for black to 255 for white.
  func undo(_ values: UnsafeMutableBufferPointer<Float>) {
    for i in values.indices {
      let j = i % low.count
      values[i] = (values[i] - low[j]) / (high[j] - low[j]) * 255
    }
  }

  /// The least and the greatest number that is a pixel.
  var range: ClosedRange<Float> {
    let (lows, highs) = (zip(low, high).map(min), zip(low, high).map(max))
    return (lows.min() ?? 0)...(highs.max() ?? 1)
  }
}
