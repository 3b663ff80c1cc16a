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

  /// Rows of some of its fields from a file, or a folder, that no configuration names, read by its settings; what the
  /// fields do not need, such as the classes of texts, need not be there. Nil where it knows no such file for them.
  ///
  /// - Parameter suits: whether rows that hold these fields are of use, for files that can be read in two ways.
  /// Throws: as `open` does.
  func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows?

  /// Which files `rows` reads, for messages: `a WAV file`; nil for none.
  var inputFiles: String? { get }

  /// What the columns of the file mean to the last axis of one of its fields; nil for a field of anything else.
  func columns(of field: String) -> FieldColumns?

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
  public var inputFiles: String? { nil }
  public func columns(of field: String) -> FieldColumns? { nil }
  public func sharing(_ tokenizers: [String: any Tokenizer]) -> Self { self }
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? { nil }

  /// Whether another reader would read the same.
  func equals(_ other: any Reader) -> Bool { (other as? Self) == self }
}
