import Formats
public import Settings
import TensorCore

/// Images and labels in the IDX files of MNIST
public struct IDXReader: Reader {
  public var images = FilePath("")
  public var labels: FilePath?
  public var image = "image"
  public var label = "label"
  public var classes: Int?
  public var classNames: [String]?

  public init() {}

  public static let type = "idx"
  public static let manual = """
    Images and labels in IDX files, as MNIST has them; files that are gzipped are unpacked.

    Images of shape [N, H, W] get an axis of channels: each row is [H, W, 1]. Those of rank 1, 2 and 4 or more keep the
    axes they have: [N, H, W, C] gives [H, W, C]. Bytes stay 0 to 255 until a transform scales them. Labels are one
    whole number a row, from 0; a label beyond the classes is an error that names the row. Format:
    http://yann.lecun.com/exdb/mnist
    """
  public static let fields: [Field<IDXReader>] = [
    Field("images", \.images, required: true, "the IDX file of the images").example(
      "train-images-idx3-ubyte.gz"),
    Field("labels", \.labels, "the IDX file of the labels; left out where there are none"),
    Field("image", \.image, "the name of the field of images"),
    Field("label", \.label, "the name of the field of labels"),
    Field(
      "classes", \.classes, .within(1...1 << 24),
      "how many classes there are; the largest training label and one where left out"),
    Field("class_names", \.classNames, "what the classes are called, in their order"),
  ]

  public var contradiction: String? {
    if image == label { return "\"image\" and \"label\" name the same field" }
    if let classNames, let classes, classNames.count != classes {
      return "\"class_names\" has \(classNames.count) names for \(classes) classes"
    }
    return nil
  }

  public var paths: [FilePath] { [images] + [labels].compactMap(\.self) }

  public var isFitted: Bool { labels == nil || knownClasses != nil }

  private var knownClasses: Int? { classes ?? classNames?.count }

  public func fitted(to fields: [DataField]) -> IDXReader {
    var fitted = self
    let training = fields.first { $0.name == label }
    fitted.classes = knownClasses ?? training?.classes
    if classNames == nil, fitted.classes == training?.classes {
      fitted.classNames = training?.classNames
    }
    return fitted
  }

  public func anchored() -> IDXReader {
    var anchored = self
    anchored.images = images.anchored
    anchored.labels = labels?.anchored
    return anchored
  }

  public func open() throws -> any Dataset {
    let (imageFile, imageSource) = try load(images.resolved)
    let count = imageFile.dimensions[0]
    guard count > 0 else { throw fail(images, "expected at least one image, got none") }
    let extents = Array(imageFile.dimensions.dropFirst())
    let field = DataField(image, Shape(extents.count == 2 ? extents + [1] : extents))
    guard field.shape.count > 0 else {
      throw fail(images, "expected images with pixels, got the extents \(extents)")
    }
    var columns = [(field: field, values: try blocks(imageFile, images.resolved))]
    var sources = [imageSource]
    if let labels {
      let (file, source) = try load(labels.resolved)
      guard file.dimensions.count == 1 else {
        throw fail(labels, "expected one label a row, got the extents \(file.dimensions)")
      }
      guard file.dimensions[0] == count else {
        throw fail(
          labels,
          "expected \(count) labels, as many as \(images.resolved) has images; got "
            + "\(file.dimensions[0])")
      }
      let classes = try ClassColumn(
        labels: numbers(file.values), classes: knownClasses, file: labels.resolved)
      columns.append(classes.column(label, classNames: classNames))
      sources.append(source)
    }
    return MemoryDataset(count: count, columns, files: sources)
  }

  private func fail(_ path: FilePath, _ message: String) -> FormatError {
    FormatError(.badData, file: path.resolved, message)
  }
}

/// A file's array and what tells the file from others, from one reading.
private func load(_ path: String) throws(FormatError) -> (IDXFile, SourceFile) {
  let bytes = try FileBytes.read(path)
  let source = SourceFile(path: path, bytes)
  let plain = Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, file: path) : bytes
  return (try IDXFile(parsing: plain, file: path), source)
}

/// The numbers of a file as a dataset holds them.
///
/// Throws: `FormatError` with the row of the first that a `Float` cannot hold.
private func blocks(_ file: IDXFile, _ path: String) throws(FormatError) -> MemoryDataset.Values {
  let floats: [Float]
  switch file.values {
  case .bytes(let values): return .bytes(values)
  case .integers(let values): return .floats(values.map { Float($0) })
  case .floats(let values): floats = values
  case .doubles(let values): floats = values.map { Float($0) }
  }
  if let index = floats.firstIndex(where: { !$0.isFinite }) {
    let row = index / (floats.count / file.dimensions[0])
    throw FormatError(
      .badData, file: path,
      "row \(row): expected numbers that a Float can hold, got \(floats[index])")
  }
  return .floats(floats)
}

private func numbers(_ values: IDXValues) -> [Double] {
  switch values {
  case .bytes(let values): values.map { Double($0) }
  case .integers(let values): values.map { Double($0) }
  case .floats(let values): values.map { Double($0) }
  case .doubles(let values): values
  }
}
