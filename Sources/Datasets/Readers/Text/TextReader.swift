import Formats
public import Settings
import TensorCore

/// A text as one stream of tokens
public struct TextReader: Reader {
  public var path = FilePath("")
  private var tokenizerChoice = Choice<TokenizerKind>(CharacterTokenizer())
  public var part = TextPart()
  public var length = 1
  public var stride: Int?
  public var tokensField = "tokens"
  public var nextField = "next"

  public init() {}

  public static let type = "text"
  public static let manual = """
    A text as one stream of tokens, for models that foretell the next one.

    A row has T = "length" tokens that follow each other, [T] in the field "tokens", and for each the one behind it, [T] in
    the field "next": next[t] = tokens[t + 1]. Rows begin "stride" tokens apart. With a stride of T every token but the first
    is foretold once, up to the last ones that fill no row, as an evaluation wants it; with a stride of 1 and the rows
    shuffled, a step learns from windows anywhere in the text.

    The file is UTF-8; one that is gzipped is unpacked. The vocabulary of the tokenizer comes from the part of the text that
    is trained on.
    """
  public static let fields: [Field<TextReader>] = [
    Field("path", \.path, required: true, "the text file").example("input.txt"),
    Field("tokenizer", \.tokenizerChoice, "what the tokens are"),
    Field(
      "part", \.part,
      "which part of the text, from the first fraction of its characters to the second"),
    Field("length", \.length, required: true, .within(1...1 << 20), "T, the tokens of a row")
      .example(64),
    Field(
      "stride", \.stride, .atLeast(1),
      "how many tokens lie between the beginnings of two rows; T where left out"),
    Field("tokens_field", \.tokensField, "the name of the field of tokens"),
    Field("next_field", \.nextField, "the name of the field of the tokens that follow"),
  ]

  public var contradiction: String? {
    tokensField == nextField ? "\"tokens_field\" and \"next_field\" name the same field" : nil
  }

  public var tokenizer: any Tokenizer {
    get { tokenizerChoice.value }
    set { tokenizerChoice = Choice(newValue) }
  }

  public var paths: [FilePath] { [path] + tokenizer.paths }

  public var isFitted: Bool { tokenizer.vocabulary != nil }

  public var tokenizers: [String: any Tokenizer] {
    isFitted ? [tokensField: tokenizer, nextField: tokenizer] : [:]
  }

  public func fitted(to fields: [DataField]) -> TextReader { self }

  public func sharing(_ tokenizers: [String: any Tokenizer]) -> TextReader {
    guard !isFitted, let tokenizer = tokenizers[tokensField] else { return self }
    var sharing = self
    sharing.tokenizer = tokenizer
    return sharing
  }

  public func anchored() -> TextReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  /// The tokens of another text, all of it; rows of tokens without those that follow need none behind the last.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields.isSubset(of: [tokensField, nextField]), let file = try UnpackedFile.text(path)
    else { return nil }
    var reader = self
    reader.part = TextPart()
    return FileRows(try reader.read(file, isFollowed: fields.contains(nextField)))
  }

  public var inputFiles: String? { "a file of text" }

  public func open() throws -> any Dataset { try read(UnpackedFile(path), isFollowed: true) }

  /// - Parameter isFollowed: whether the token behind each is wanted too; else the last row ends with the text.
  private func read(_ unpacked: UnpackedFile, isFollowed: Bool) throws -> any Dataset {
    let file = unpacked.path
    let text = try Self.text(unpacked.bytes, file: file)
    let scalars = part.of(text)
    let tokenizer = try tokenizer.loaded().fitted(to: [scalars])
    let tokens: [Int32]
    do throws(UnknownToken) {
      tokens = try tokenizer.encode(scalars)
    } catch {
      let line = text.unicodeScalars[..<error.position].count { $0 == "\n" } + 1
      throw FormatError(
        .badData, file: file, at: .line(line),
        "\(error.piece.json.shown) is not in the vocabulary of the tokenizer")
    }
    guard tokens.count > length || !isFollowed && tokens.count == length else {
      throw FormatError(
        .badData, file: file,
        isFollowed
          ? "expected more than \(length) tokens (the length of a row), got \(tokens.count)"
          : "expected at least \(length) tokens (the length of a row), got \(tokens.count); "
            + "`generate --prompt` goes on from a text of any length")
    }
    return TokenWindows(
      tokens, length: length, stride: stride ?? length,
      names: (tokensField, isFollowed ? nextField : nil), tokenizer: tokenizer,
      files: [unpacked.source])
  }

  /// Throws: `FormatError` with the line of the first bytes that are not UTF-8.
  private static func text(_ bytes: [UInt8], file: String) throws(FormatError) -> String {
    let bytes = bytes.withoutByteOrderMark
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var line = 1
    for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { break }
      line += 1
    }
    throw FormatError(
      .badData, file: file, at: .line(line), "expected text in UTF-8, got other bytes")
  }
}
