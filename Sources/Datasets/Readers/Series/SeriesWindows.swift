import TensorCore

/// Rows that are windows of series: some steps, and those that follow.
struct SeriesWindows: Dataset {
  let fields: [DataField]
  let count: Int
  let files: [SourceFile]
  /// The steps of the past's columns and of the future's, one step behind another.
  private let past: [Float]
  private let future: [Float]
  private let length: Int
  private let horizon: Int
  private let firstFuture: Int
  private let stride: Int

  /// - Parameters:
  ///   - future: the columns of the future; where there are none, the rows are of the past alone.
  ///   - firstFuture: the step that the first window's future begins at, at least `length`.
  ///   - end: the step after the last of any future, at least `firstFuture + horizon`.
  init(
    past: [SeriesColumn], future: [SeriesColumn],
    names: (past: String, future: String, series: String?), length: Int, horizon: Int,
    firstFuture: Int, stride: Int, end: Int, files: [SourceFile]
  ) {
    self.past = Self.interleaved(past)
    self.future = Self.interleaved(future)
    (self.length, self.horizon, self.stride) = (length, horizon, stride)
    self.firstFuture = firstFuture
    self.files = files
    count = (end - firstFuture - horizon) / stride + 1
    func field(_ name: String, _ steps: Int, _ columns: [SeriesColumn]) -> DataField {
      var field = DataField(name, [steps, columns.count])
      field.scale = FeatureScale(
        mean: columns.map(\.mean), deviation: columns.map(\.deviation))
      return field
    }
    fields =
      [field(names.past, length, past)]
      + (future.isEmpty ? [] : [field(names.future, horizon, future)])
      + (names.series.map { [field($0, length + horizon, future)] } ?? [])
  }

  private static func interleaved(_ columns: [SeriesColumn]) -> [Float] {
    let steps = columns.first?.values.count ?? 0
    var values = [Float](repeating: 0, count: steps * columns.count)
    for (index, column) in columns.enumerated() {
      for step in 0..<steps { values[step * columns.count + index] = column.values[step] }
    }
    return values
  }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    let extents = fields[field].shape
    let first = firstFuture + row * stride - (field == 1 ? 0 : length)
    (field == 0 ? past : future).withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      destination.update(from: base + first * extents.last, count: extents.count)
    }
  }
}
