import Formats
public import Settings

/// The tokenizer of a file tokenizer.json
public struct TokenizerFile: Tokenizer {
  public var path = FilePath("")
  public var vocabulary: [String]?
  public var specialTokens: [String] = []

  public init() {}

  public static let type = "file"
  public static let manual = """
    A tokenizer that a file describes as Hugging Face's library "tokenizers" writes it, tokenizer.json.

    Byte-level byte pairs are read, which `dlcli tokenize train` writes too (model "BPE", pre-tokenizer "ByteLevel"), and the
    word pieces of BERT (model "WordPiece", normalizer "BertNormalizer", pre-tokenizer "BertPreTokenizer", "Whitespace" or
    "WhitespaceSplit"). The added tokens of the file are found in texts before anything else; tokens that a post-processor would put around a text are
    not: that is for the reader. Whatever else a file asks for is an error that names it. Other tokenizers are read as
    `dlcli tokenize train` writes them, which is as a configuration has them.

    The padding of a reader is token 0. Where the vocabulary of a file has no such token it is put in front, and the
    numbers of the others are then larger by one. A checkpoint holds the tokenizer, and not the path of the file.
    """
  public static let fields: [Field<TokenizerFile>] = [
    Field("path", \.path, required: true, "the file").example("tokenizer.json"),
    .specialTokens(\.specialTokens),
  ]

  public var paths: [FilePath] { [path] }

  public func loaded() throws -> any Tokenizer {
    var tokenizer = try TokenizerJSON.read(path.resolved)
    tokenizer.prepend(specialTokens)
    return tokenizer
  }

  // What the file holds is known when it is loaded, and then it is that tokenizer which is asked.
  public func fitted(to texts: [Substring.UnicodeScalarView]) -> TokenizerFile { self }
  public func encoder() -> TokenEncoder { { _ in [] } }
  public func decode(_ tokens: [Int]) -> String { "" }
}
