public import Formats
public import Settings

/// Makes a dataset of files in some format.
public protocol Reader: Variant {
  /// The files that `open` reads.
  var paths: [FilePath] { get }

  /// What makes the numbers of the fields of tokens, by the names of the fields; those that are fitted alone.
  var tokenizers: [String: any Tokenizer] { get }

  /// By the names of fields of tokens, the tokens that stand in front of each text and behind it.
  var marks: [String: TextMarks] { get }

  /// The fields of tokens that hold the end of a text that is too long for them, and not its beginning.
  var fieldsThatKeepEnds: Set<String> { get }

  /// Whether everything is said that could be learnt from the training data, such as the classes.
  var isFitted: Bool { get }

  /// This reader, with what it leaves open taken from the fields of the training data.
  func fitted(to fields: [DataField]) -> Self

  /// This reader, with the tokenizers that it leaves open taken from those of the training data, by the fields' names.
  func sharing(_ tokenizers: [String: any Tokenizer]) -> Self

  /// This reader with absolute paths, which a checkpoint may hold.
  func anchored() -> Self

  /// A reader of a file that holds one of its fields alone, such as texts without their classes; nil where it knows no
  /// such file for the field.
  func reading(_ path: FilePath, as field: String) -> (any Reader)?

  /// A picture that is a file of its own, for one of its fields: read as its rows are, and in their size where it
  /// brings pictures to it.
  ///
  /// Throws: `FormatError` where it cannot be read.
  func picture(
    at path: String, channels: Int, as field: String
  ) throws(FormatError) -> RasterImage

  /// Reads the files.
  ///
  /// Throws: `FormatError` or `DataError` for what is wrong in a file, `Problems` for settings that do not suit it.
  func open() throws -> any Dataset
}

/// All readers, by type.
public let readerRegistry = Registry<any Reader>(
  "reader",
  [
    AudioReader.self,
    ColumnsReader.self,
    CSVReader.self,
    IDXReader.self,
    ImageArchiveReader.self,
    ImageFolderReader.self,
    ImageListReader.self,
    NPYReader.self,
    SeriesReader.self,
    TableReader.self,
    TextReader.self,
  ])

extension Reader {
  public var tokenizers: [String: any Tokenizer] { [:] }
  public var marks: [String: TextMarks] { [:] }
  public var fieldsThatKeepEnds: Set<String> { [] }
  public func reading(_ path: FilePath, as field: String) -> (any Reader)? { nil }
  public func picture(
    at path: String, channels: Int, as field: String
  ) throws(FormatError) -> RasterImage {
    try ImageFile.read(path, channels: channels)
  }
  public func sharing(_ tokenizers: [String: any Tokenizer]) -> Self { self }

  /// Whether another reader would read the same.
  func equals(_ other: any Reader) -> Bool { (other as? Self) == self }
}
