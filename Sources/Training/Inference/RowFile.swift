import Datasets
import Formats
import Foundation
import Settings
import TensorCore

/// Rows of one field in a file that no configuration names.
struct RowFile {
  let dataset: any Dataset
  /// The names of the files, where each row is one.
  var names: [String]?

  init(_ dataset: any Dataset) { self.dataset = dataset }

  /// Reads a picture, a folder of pictures, an NPY file or an IDX file; what it is, its name and its first bytes say.
  ///
  /// - Parameters:
  ///   - field: what the rows will be; pictures take its number of channels.
  ///   - picture: reads a picture of so many channels as the rows were read.
  /// Throws: `FormatError` where it cannot be read or holds no rows.
  init(
    _ path: String, like field: DataField,
    picture: (String, Int) throws(FormatError) -> RasterImage
  ) throws {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if exists, isDirectory.boolValue {
      // A name that begins with a dot is of a file that systems keep beside another.
      let names = try Directory.contents(of: path)
        .filter { ImageFile.isNamed($0) && !$0.hasPrefix(".") }.sorted()
      guard !names.isEmpty else {
        throw FormatError(.unreadable, file: path, "expected a folder of PNG or JPEG files")
      }
      dataset = try Self.pictures(names.map { path + "/" + $0 }, field, picture)
      self.names = names
    } else if ImageFile.isNamed(path) {
      dataset = try Self.pictures([path], field, picture)
      names = [path]
    } else if path.hasSuffix(".npy") || path.hasSuffix(".npy.gz") {
      dataset = try Self.rows(NPYFile(reading: path), path, field)
    } else {
      var reader = IDXReader()
      (reader.images, reader.image) = (FilePath(path), field.name)
      dataset = try reader.open()
    }
  }

  private static func pictures(
    _ paths: [String], _ field: DataField,
    _ read: (String, Int) throws(FormatError) -> RasterImage
  ) throws -> MemoryDataset {
    let channels = field.shape.rank == 3 && field.shape.last == 3 ? 3 : 1
    var shape = Shape([])
    var pixels: [UInt8] = []
    for path in paths {
      let picture = try read(path, channels)
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
