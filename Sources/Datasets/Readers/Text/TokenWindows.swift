import TensorCore

/// Rows of tokens that stand behind one another in one long text: each row has `length` tokens, and the next ones.
struct TokenWindows: Dataset {
  let fields: [DataField]
  let count: Int
  let files: [SourceFile]
  let tokenizers: [String: any Tokenizer]
  private let tokens: [Int32]
  private let length: Int
  private let stride: Int

  /// - Parameters:
  ///   - tokens: more than `length`.
  ///   - stride: how many tokens a row begins behind the one before.
  ///   - tokenizer: what made them.
  ///   - names: of the field of tokens and of that of the tokens that follow each.
  init(
    _ tokens: [Int32], length: Int, stride: Int, names: (tokens: String, next: String),
    tokenizer: any Tokenizer, files: [SourceFile]
  ) {
    self.tokens = tokens
    self.length = length
    self.stride = stride
    self.files = files
    tokenizers = [names.tokens: tokenizer, names.next: tokenizer]
    let vocabulary = tokenizer.vocabulary ?? []
    fields = [names.tokens, names.next].map {
      DataField($0, [length], classes: vocabulary.count, classNames: vocabulary)
    }
    count = (tokens.count - 1 - length) / stride + 1
  }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    let start = row * stride + field
    tokens.withUnsafeBufferPointer { tokens in
      for i in 0..<length { destination[i] = Float(tokens[start + i]) }
    }
  }
}
