import Formats
public import Settings
import TensorCore

/// Numbers and labels in the NPY files of NumPy
public struct NPYReader: Reader {
  public var features = FilePath("")
  public var labels: FilePath?
  public var classes: Int?
  public var classNames: [String]?
  public var featuresField = "features"
  public var labelField = "label"

  public init() {}

  public static let type = "npy"
  public static let manual = """
    Numbers and labels in the NPY files of NumPy, the first axis of which counts the rows; gzipped files are unpacked.

    An array [N, ...] gives rows [...] in the field "features", also where it was saved in Fortran order. Arrays of bytes
    stay bytes, 0 to 255, until a transform scales them. Labels are one whole number a row, from 0; a label beyond the
    classes is an error that names the row.
    """
  public static let fields: [Field<NPYReader>] = [
    Field("features", \.features, required: true, "the NPY file of the rows").example("x.npy"),
    Field("labels", \.labels, "the NPY file of the labels; left out where there are none"),
    Field(
      "classes", \.classes, .within(1...1 << 24),
      "how many classes there are; the largest training label and one where left out"),
    Field("class_names", \.classNames, "what the classes are called, in their order"),
    Field("features_field", \.featuresField, "the name of the field of features"),
    Field("label_field", \.labelField, "the name of the field of labels"),
  ]

  public var contradiction: String? {
    if featuresField == labelField {
      return "\"features_field\" and \"label_field\" name the same field"
    }
    if let classNames, let classes, classNames.count != classes {
      return "\"class_names\" has \(classNames.count) names for \(classes) classes"
    }
    return nil
  }

  public var paths: [FilePath] { [features] + [labels].compactMap(\.self) }

  public var isFitted: Bool { labels == nil || knownClasses != nil }

  private var knownClasses: Int? { classes ?? classNames?.count }

  public func fitted(to fields: [DataField]) -> NPYReader {
    var fitted = self
    let training = fields.first { $0.name == labelField }
    fitted.classes = knownClasses ?? training?.classes
    if classNames == nil, fitted.classes == training?.classes {
      fitted.classNames = training?.classNames
    }
    return fitted
  }

  public func anchored() -> NPYReader {
    var anchored = self
    anchored.features = features.anchored
    anchored.labels = labels?.anchored
    return anchored
  }

  public func open() throws -> any Dataset {
    let (array, source) = try load(features)
    guard let count = array.dimensions.first, array.values.count > 0 else {
      throw fail(features, "expected rows of numbers, got the extents \(array.dimensions)")
    }
    let field = DataField(featuresField, Shape(Array(array.dimensions.dropFirst())))
    var columns = [(field: field, values: try values(of: array))]
    var sources = [source]
    if let labels {
      let (array, source) = try load(labels)
      guard array.dimensions == [count] else {
        throw fail(
          labels,
          "expected the extents [\(count)], a label for each row of "
            + "\(features.resolved); got \(array.dimensions)")
      }
      let classes = try ClassColumn(
        labels: array.values.numbers, classes: knownClasses, file: labels.resolved)
      columns.append(classes.column(labelField, classNames: classNames))
      sources.append(source)
    }
    return MemoryDataset(count: count, columns, files: sources)
  }

  private func load(_ path: FilePath) throws(FormatError) -> (NPYFile, SourceFile) {
    let file = path.resolved
    let bytes = try FileBytes.read(file)
    let source = SourceFile(path: file, bytes)
    let plain = Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, file: file) : bytes
    return (try NPYFile(parsing: plain, file: file), source)
  }

  /// Throws: `FormatError` with the row of the first number that a `Float` cannot hold.
  private func values(of array: NPYFile) throws(FormatError) -> MemoryDataset.Values {
    let floats: [Float]
    switch array.values {
    case .bytes(let values): return .bytes(values)
    case .integers(let values): return .floats(values.map { Float($0) })
    case .floats(let values): floats = values
    case .doubles(let values): floats = values.map { Float($0) }
    }
    if let index = floats.firstIndex(where: { !$0.isFinite }) {
      let row = index / (floats.count / array.dimensions[0])
      throw fail(
        features, "row \(row): expected numbers that a Float can hold, got \(floats[index])")
    }
    return .floats(floats)
  }

  private func fail(_ path: FilePath, _ message: String) -> FormatError {
    FormatError(.badData, file: path.resolved, message)
  }
}

extension NPYValues {
  fileprivate var numbers: [Double] {
    switch self {
    case .bytes(let values): values.map { Double($0) }
    case .integers(let values): values.map { Double($0) }
    case .floats(let values): values.map { Double($0) }
    case .doubles(let values): values
    }
  }
}
