import Formats
import Settings
import TensorCore

/// Where the numbers of one input of a generating network come from.
struct GeneratorFeed: Sendable {
  enum Source: Sendable {
    /// A class a row, as its number or as a one among zeros.
    case labels([Int])
    /// Numbers of the standard normal distribution: those of a row follow from its number alone.
    case noise(RandomStream)
    /// Rows one after the other.
    case rows([Float])
  }

  let name: String
  let shape: Shape
  var source: Source

  var labels: [Int]? { if case .labels(let labels) = source { labels } else { nil } }

  /// How many rows there are; nil for noise, which never ends.
  var count: Int? {
    switch source {
    case .labels(let labels): labels.count
    case .noise: nil
    case .rows(let values): values.count / max(1, shape.count)
    }
  }

  /// Writes some of the rows.
  func fill(_ view: View<Float>, rows: Range<Int>) {
    for (index, row) in rows.enumerated() { fill(view.base + index * shape.count, row: row) }
  }

  private func fill(_ target: UnsafeMutablePointer<Float>, row: Int) {
    let extent = shape.count
    switch source {
    case .labels(let labels) where extent == 1: target[0] = Float(labels[row])
    case .labels(let labels):
      for i in 0..<extent { target[i] = i == labels[row] ? 1 : 0 }
    case .noise(let stream):
      let noise = stream.at(step: row)
      for i in 0..<extent { target[i] = Float(noise.normal(i)) }
    case .rows(let values):
      for i in 0..<extent { target[i] = values[row * extent + i] }
    }
  }

  /// One row of noise or of codes; nil where there are not so many.
  fileprivate func row(_ number: Int) -> [Float]? {
    guard count.map({ number < $0 }) ?? true else { return nil }
    var values = [Float](repeating: 0, count: shape.count)
    values.withUnsafeMutableBufferPointer { values in
      if let base = values.baseAddress { fill(base, row: number) }
    }
    return values
  }
}

extension [GeneratorFeed] {
  /// The inputs that are no classes.
  private var free: [Int] { indices.filter { self[$0].labels == nil } }

  /// Feeds the only input that is no class with the rows of a file.
  ///
  /// Throws: `FormatError` where it holds none that fit, `Problems` where there are several such inputs.
  mutating func take(_ file: NPYFile, from path: String) throws {
    guard let index = free.first, free.count == 1 else {
      throw Problems(
        Problem("codes feed one input; the network reads " + quoted(map(\.name))))
    }
    let row = [Int](file.dimensions.dropFirst())
    guard file.values.count > 0, Shape(row).count == self[index].shape.count else {
      throw FormatError(
        .badData, file: path,
        "expected rows of \(self[index].shape), got the extents \(file.dimensions)")
    }
    let values: [Float] =
      switch file.values {
      case .bytes(let values): values.map { Float($0) }
      case .integers(let values): values.map { Float($0) }
      case .floats(let values): values
      case .doubles(let values): values.map { Float($0) }
      }
    self[index].source = .rows(values)
  }

  /// Puts rows on the straight line from one row to another in the place of noise and of codes.
  ///
  /// Throws: `Problems` where there is no such row.
  mutating func interpolate(_ ends: (Int, Int), steps: Int) throws(Problems) {
    for index in free {
      guard let first = self[index].row(ends.0), let last = self[index].row(ends.1) else {
        throw Problems(
          Problem("there are \(self[index].count ?? 0) codes, from 0; got \(ends.0)..\(ends.1)"))
      }
      var values: [Float] = []
      for step in 0..<steps {
        let share = steps > 1 ? Float(step) / Float(steps - 1) : 0
        values += zip(first, last).map { $0 * (1 - share) + $1 * share }
      }
      self[index].source = .rows(values)
    }
  }
}
