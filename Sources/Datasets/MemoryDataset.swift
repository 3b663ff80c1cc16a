import TensorCore

/// A dataset that lies in memory, one block for each field; bytes stay bytes until they are read.
public struct MemoryDataset: Dataset {
  /// The numbers of a field, row after row.
  public enum Values: Sendable {
    /// Whole numbers in 0...255, a quarter of the memory.
    case bytes([UInt8])
    case floats([Float])

    var count: Int {
      switch self {
      case .bytes(let values): values.count
      case .floats(let values): values.count
      }
    }
  }

  public let fields: [DataField]
  public let count: Int
  public let files: [SourceFile]
  public let notes: [String]
  private let values: [Values]

  /// A dataset of `count` rows; each block holds `count` rows of its field's shape.
  public init(
    count: Int, _ columns: [(field: DataField, values: Values)], files: [SourceFile] = [],
    notes: [String] = []
  ) {
    for column in columns {
      precondition(
        column.values.count == count * column.field.shape.count,
        "the field \(column.field.name) does not fill \(count) rows")
    }
    fields = columns.map(\.field)
    values = columns.map(\.values)
    self.count = count
    self.files = files
    self.notes = notes
  }

  public func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    let extent = fields[field].shape.count
    switch values[field] {
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { bytes in
        let source = UnsafeBufferPointer(rebasing: bytes[row * extent..<(row + 1) * extent])
        for i in 0..<extent { destination[i] = Float(source[i]) }
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { floats in
        let source = UnsafeBufferPointer(rebasing: floats[row * extent..<(row + 1) * extent])
        for i in 0..<extent { destination[i] = source[i] }
      }
    }
  }
}
