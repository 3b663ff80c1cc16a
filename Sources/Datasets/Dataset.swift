import Formats
public import TensorCore

/// One thing that every row of a dataset holds: an image, a label.
public struct DataField: Hashable, Sendable {
  /// The name by which objectives and transforms call it.
  public let name: String
  /// The shape of one row; a batch stands in front of it.
  public var shape: Shape
  /// How many classes the values tell apart; nil where the values are no classes.
  public var classes: Int?
  /// Whether a class is a vector along the last axis, one value for each; else it is one of the numbers 0..<classes.
  public var isOneHot: Bool
  /// What the classes are called, in their order; as many as `classes`.
  public var classNames: [String]?
  /// Whether a row holds what it has to hold along its first axis, and zeros behind: a text that is shorter than others.
  public var isPadded: Bool
  /// The columns of a file that its last axis holds, where the reader chose them.
  public var columns: [String]?
  /// How its numbers came of those of the file; nil where they are those, or were changed by a transform.
  public var scale: FeatureScale?

  public init(
    _ name: String, _ shape: Shape, classes: Int? = nil, classNames: [String]? = nil,
    isOneHot: Bool = false, isPadded: Bool = false
  ) {
    self.name = name
    self.shape = shape
    self.classes = classes
    self.classNames = classNames
    self.isOneHot = isOneHot
    self.isPadded = isPadded
  }

  /// The field in batches whose padded fields have so many steps.
  package func limited(to steps: Int?) -> DataField {
    guard let steps, isPadded, let length = shape.dimensions.first, steps < length else {
      return self
    }
    var field = self
    field.shape = Shape([steps] + shape.dimensions.dropFirst())
    return field
  }
}

/// Rows of numbers that can be read in any order, by any thread.
///
/// All numbers are `Float`; labels and indices are integers of at most 2^24, which a `Float` holds exactly.
public protocol Dataset: Sendable {
  /// What each row holds.
  var fields: [DataField] { get }
  /// How many rows there are.
  var count: Int { get }
  /// The files that the rows come from.
  var files: [SourceFile] { get }
  /// By the names of the fields of tokens, what made their numbers.
  var tokenizers: [String: any Tokenizer] { get }
  /// What people should know of how the files were read, such as what was left out of them.
  var notes: [String] { get }
  /// Whether a row is made when it is read, as a picture that is decoded then, so that each costs time.
  var makesRowsLate: Bool { get }

  /// Writes one field of one row: `fields[field].shape.count` numbers.
  ///
  /// `row` is in 0..<count. Throws where the row cannot be had, such as a damaged file that is read late.
  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws

  /// How many positions along the first axis of a field a row fills; the others are padding.
  func length(row: Int, field: Int) -> Int
}

extension Dataset {
  public var tokenizers: [String: any Tokenizer] { [:] }
  public var notes: [String] { [] }
  public var makesRowsLate: Bool { false }

  /// The first extent of the field.
  public func length(row: Int, field: Int) -> Int { fields[field].shape.dimensions.first ?? 1 }
}

/// A file that data were read from, told apart from any other by its content.
public struct SourceFile: Hashable, Sendable {
  public let path: String
  /// How many bytes the file has, as it lies on the disk.
  public let size: Int
  /// The SHA-256 of those bytes, in hexadecimal.
  public let sha256: String

  public init(path: String, size: Int, sha256: String) {
    self.path = path
    self.size = size
    self.sha256 = sha256
  }
}

extension SourceFile {
  /// A file whose bytes these are.
  init(path: String, _ bytes: [UInt8]) {
    self.init(path: path, size: bytes.count, sha256: SHA256.hexadecimal(of: bytes))
  }
}
