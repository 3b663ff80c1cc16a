public import Settings

/// Makes numbers of text, and text of numbers.
///
/// Its vocabulary is learnt from the training text where the settings do not list it, and stays in the checkpoint.
public protocol Tokenizer: Variant {
  /// The tokens in the order of their numbers; nil until it is known.
  var vocabulary: [String]? { get set }

  /// Tokens that no text holds, at the front of the vocabulary: padding, the start and the end of a text.
  var specialTokens: [String] { get set }

  /// The files that `loaded` reads.
  var paths: [FilePath] { get }

  /// The tokenizer that a file describes, where this only names the file.
  ///
  /// Throws: `FormatError` where the file cannot be read, `Problems` with what is wrong in it.
  func loaded() throws -> any Tokenizer

  /// This tokenizer with the vocabulary of some texts, where it has none yet.
  func fitted(to texts: [Substring.UnicodeScalarView]) -> Self

  /// What gives the numbers of the tokens of texts, made once for many.
  func encoder() -> TokenEncoder

  /// The text of some tokens, all of which there are, without the special ones.
  func decode(_ tokens: [Int]) -> String

  /// The text of the first tokens of a text: without what encoding puts in front of every text.
  func decodeBeginning(_ tokens: [Int]) -> String
}

/// Gives the numbers of the tokens of a text.
///
/// Throws: `UnknownToken` for the first piece that is not in the vocabulary and that nothing stands for.
public typealias TokenEncoder =
  (Substring.UnicodeScalarView) throws(UnknownToken) -> [Int32]

extension Tokenizer {
  public var paths: [FilePath] { [] }
  public func loaded() throws -> any Tokenizer { self }
  public func decodeBeginning(_ tokens: [Int]) -> String { decode(tokens) }

  /// The numbers of the tokens of one text.
  ///
  /// Throws: `UnknownToken` for the first piece that is not in the vocabulary and that nothing stands for.
  public func encode(_ text: Substring.UnicodeScalarView) throws(UnknownToken) -> [Int32] {
    try encoder()(text)
  }

  /// Those of some tokens that are not special.
  func ordinary(_ tokens: [Int]) -> some Sequence<String> {
    let special = Set(specialTokens.map(ExactString.init))
    return tokens.lazy.compactMap { token in
      guard let text = vocabulary?[token], !special.contains(ExactString(text)) else { return nil }
      return text
    }
  }

  /// Puts special tokens that it does not have in front of the others, and of its vocabulary if it has one.
  mutating func prepend(_ tokens: [String]) {
    var known = Set((specialTokens + (vocabulary ?? [])).map(ExactString.init))
    let missing = tokens.filter { known.insert(ExactString($0)).inserted }
    specialTokens = missing + specialTokens
    vocabulary = vocabulary.map { missing + $0 }
  }

  /// What is wrong with a vocabulary that does not begin with the special tokens; nil if nothing is.
  func misplacedSpecialTokens() -> String? {
    guard let vocabulary, !vocabulary.starts(with: specialTokens, by: { $0.isExactly($1) }) else {
      return nil
    }
    return "the vocabulary does not begin with \"special_tokens\""
  }

  /// The number of each token: tokens differ by their code points.
  var numbers: [ExactString: Int32] {
    var numbers: [ExactString: Int32] = [:]
    for (number, token) in (vocabulary ?? []).enumerated() {
      numbers[ExactString(token)] = Int32(number)
    }
    return numbers
  }
}

/// A piece of a text that is no token.
public struct UnknownToken: Error, Sendable, Equatable {
  public let piece: String
  /// Where it begins in the text.
  public let position: String.Index

  public init(_ piece: String, at position: String.Index) {
    self.piece = piece
    self.position = position
  }
}

/// All tokenizers, by type.
public let tokenizerRegistry = Registry<any Tokenizer>(
  "tokenizer",
  [
    BytePairTokenizer.self,
    CharacterTokenizer.self,
    TokenizerFile.self,
    WordPieceTokenizer.self,
    WordTokenizer.self,
  ])

/// The kind of setting that a tokenizer is.
public enum TokenizerKind: Kind {
  public static var registry: Registry<any Tokenizer> { tokenizerRegistry }
  public static func json(_ value: any Tokenizer) -> JSON { value.typedJSON }
}

extension Field where Owner: Tokenizer {
  /// The key of the special tokens, which all tokenizers have.
  static func specialTokens(_ path: WritableKeyPath<Owner, [String]> & Sendable) -> Field {
    Field(
      "special_tokens", path, .distinct(),
      "tokens that no text holds, at the front of the vocabulary; readers put in those they need")
  }
}
