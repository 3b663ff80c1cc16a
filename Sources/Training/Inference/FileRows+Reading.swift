import Datasets
import Formats
import Settings
import TensorCore

/// Files that hold rows for a model whatever it was trained on.
extension FileRows {
  /// Reads a picture, a folder of pictures, an NPY file or an IDX file; what it is, its name and its first bytes say.
  ///
  /// - Parameters:
  ///   - field: what the rows will be, by its name and its shape behind all transforms.
  ///   - suits: whether rows that hold such a field become what is wanted; of colours and grey, colours where both do.
  ///   - others: which files the data's reader takes beside these, for messages.
  /// Throws: `FormatError` where it cannot be read or holds no rows.
  init(
    _ path: String, like field: DataField, suits: (DataField) -> Bool, others: String?
  ) throws {
    if Directory.exists(path) {
      let names = try ImageFile.names(below: path)
      guard !names.isEmpty else {
        throw FormatError(.unreadable, file: path, "expected a folder of PNG or JPEG files")
      }
      let pictures = try Self.pictures(names.map { path + "/" + $0 }, field, suits)
      self.init(pictures, names: names)
    } else if ImageFile.isNamed(path) {
      self.init(try Self.pictures([path], field, suits), names: [path])
    } else if path.hasSuffix(".npy") || path.hasSuffix(".npy.gz") {
      self.init(try Self.rows(NPYFile(reading: path), path, field))
    } else {
      var reader = IDXReader()
      (reader.images, reader.image) = (FilePath(path), field.name)
      do {
        self.init(try reader.open())
      } catch let error as FormatError where error.kind == .badData && error.place == .byte(0) {
        guard let others else { throw error }
        throw FormatError(
          .badData, file: error.file, at: error.place,
          "\(error.message); the reader of the model's data takes \(others)")
      }
    }
  }

  private static func pictures(
    _ paths: [String], _ field: DataField, _ suits: (DataField) -> Bool
  ) throws -> MemoryDataset {
    var channels = field.shape.rank == 3 && field.shape.last == 3 ? 3 : 1
    var shape = Shape([])
    var pixels: [UInt8] = []
    for path in paths {
      var picture = try ImageFile.read(path, channels: pixels.isEmpty ? nil : channels)
      if pixels.isEmpty {
        let (height, width) = (picture.height, picture.width)
        channels =
          [3, 1].first { suits(DataField(field.name, [height, width, $0])) } ?? channels
        picture = picture.converted(to: channels)
      }
      let own: Shape = [picture.height, picture.width, channels]
      guard pixels.isEmpty || own == shape else {
        throw FormatError(
          .badData, file: path, "expected \(shape) as \(paths[0]) has, got \(own)")
      }
      shape = own
      pixels += picture.pixels
    }
    return MemoryDataset(
      count: paths.count, [(DataField(field.name, shape), .bytes(pixels))])
  }

  private static func rows(
    _ file: NPYFile, _ path: String, _ field: DataField
  ) throws -> MemoryDataset {
    guard let count = file.dimensions.first, count > 0, file.values.count > 0 else {
      throw FormatError(.badData, file: path, "expected rows, got the extents \(file.dimensions)")
    }
    let values: MemoryDataset.Values =
      switch file.values {
      case .bytes(let values): .bytes(values)
      case .integers(let values): .floats(values.map { Float($0) })
      case .floats(let values): .floats(values)
      case .doubles(let values): .floats(values.map { Float($0) })
      }
    // Grey pictures may lack the axis of channels, as they do in IDX files.
    let row = Shape(Array(file.dimensions.dropFirst()))
    let shape = row.rank == 2 && field.shape.rank == 3 ? Shape(row.dimensions + [1]) : row
    return MemoryDataset(count: count, [(DataField(field.name, shape), values)])
  }
}
