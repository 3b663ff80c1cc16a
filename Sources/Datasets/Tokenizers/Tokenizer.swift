public import Settings

/// Makes numbers of text, and text of numbers.
///
/// Its vocabulary is learnt from the training text where the settings do not list it, and stays in the checkpoint.
public protocol Tokenizer: Variant {
  /// The tokens in the order of their numbers; nil until it is known.
  var vocabulary: [String]? { get }

  /// This tokenizer with the vocabulary of a text, where it has none yet.
  func fitted(to text: Substring.UnicodeScalarView) -> Self

  /// This tokenizer with a vocabulary, where it has none yet.
  func fitted(to vocabulary: [String]) -> Self

  /// The numbers of the tokens of a text.
  ///
  /// Throws: `UnknownToken` for the first piece that is not in the vocabulary and that nothing stands for.
  func encode(_ text: Substring.UnicodeScalarView) throws(UnknownToken) -> [Int32]

  /// The text of some tokens, all of which there are.
  func decode(_ tokens: [Int]) -> String
}

extension Tokenizer {
  /// The number of each token.
  var numbers: [String: Int32] {
    var numbers: [String: Int32] = [:]
    for (number, token) in (vocabulary ?? []).enumerated() { numbers[token] = Int32(number) }
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
    CharacterTokenizer.self,
    WordTokenizer.self,
  ])

/// The kind of setting that a tokenizer is.
public enum TokenizerKind: Kind {
  public static var registry: Registry<any Tokenizer> { tokenizerRegistry }
  public static func json(_ value: any Tokenizer) -> JSON { value.typedJSON }
}

extension Bounds {
  /// A vocabulary: no token twice.
  static func distinct() -> Bounds where Value == [String] {
    Bounds("all different", schema: [.init("uniqueItems", JSON(.boolean(true)))]) {
      Set($0.map { Array($0.unicodeScalars) }).count == $0.count
    }
  }
}
