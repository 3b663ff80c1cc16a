import Formats
import TensorCore

/// Labels that are proved to be classes: whole numbers from 0 to below the number of classes.
struct ClassColumn {
  /// A `Float` holds every whole number up to this one.
  static let maximumClasses = 1 << 24

  let labels: [Int]
  let classes: Int

  /// Takes labels for classes; where `classes` is nil, there are as many as the largest label says.
  ///
  /// `place` says where the label of a row stands in the file; without it, the row is named.
  /// Throws: `FormatError` with the place of the first label that is no class.
  init(
    labels: [Double], classes: Int?, file: String, place: ((Int) -> FormatError.Place)? = nil
  ) throws(FormatError) {
    let bound = classes ?? Self.maximumClasses
    var numbers: [Int] = []
    numbers.reserveCapacity(labels.count)
    for (row, label) in labels.enumerated() {
      guard let number = Int(exactly: label), (0..<bound).contains(number) else {
        let location = place == nil ? "row \(row): " : ""
        let expected = "expected a class, a whole number from 0 to \(bound - 1)"
        throw FormatError(
          .badData, file: file, at: place?(row), "\(location)\(expected), got \(label.json.shown)")
      }
      numbers.append(number)
    }
    self.labels = numbers
    self.classes = classes ?? (numbers.max() ?? 0) + 1
  }

  /// The labels as a field of a dataset.
  func column(
    _ name: String, classNames: [String]?
  ) -> (field: DataField, values: MemoryDataset.Values) {
    let field = DataField(
      name, [], classes: classes, classNames: classNames?.count == classes ? classNames : nil)
    return (
      field,
      classes <= 256 ? .bytes(labels.map { UInt8($0) }) : .floats(labels.map { Float($0) })
    )
  }
}
