import TensorCore

/// Pictures that are decoded each time they are read, for sets that memory does not hold.
struct LazyImages: Dataset {
  let fields: [DataField]
  let files: [SourceFile]
  let notes: [String]
  private let loader: ImageLoader
  private let labels: MemoryDataset

  init(
    _ loader: ImageLoader, _ field: DataField,
    _ columns: [(field: DataField, values: MemoryDataset.Values)], _ files: [SourceFile],
    notes: [String]
  ) {
    self.loader = loader
    self.files = files
    self.notes = notes
    labels = MemoryDataset(count: loader.images.items.count, columns)
    fields = [field] + labels.fields
  }

  var makesRowsLate: Bool { true }
  var count: Int { loader.images.items.count }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws {
    guard field == 0 else {
      return labels.read(row: row, field: field - 1, into: destination)
    }
    for (index, pixel) in try loader.pixels(of: row).enumerated() {
      destination[index] = Float(pixel)
    }
  }
}
