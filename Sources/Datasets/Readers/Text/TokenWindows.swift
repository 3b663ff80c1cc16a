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
  /// Where no row begins behind.
  private let lastStart: Int

  /// - Parameters:
  ///   - tokens: more than `length`, or as many where those that follow have no name.
  ///   - stride: how many tokens a row begins behind the one before.
  ///   - tokenizer: what made them.
  ///   - names: of the field of tokens and of that of the tokens that follow each; where this has none, the rows cover
  ///     all tokens, the last by ending with them.
  init(
    _ tokens: [Int32], length: Int, stride: Int, names: (tokens: String, next: String?),
    tokenizer: any Tokenizer, files: [SourceFile]
  ) {
    self.tokens = tokens
    self.length = length
    self.stride = stride
    self.files = files
    let known = [names.tokens] + [names.next].compactMap(\.self)
    tokenizers = Dictionary(uniqueKeysWithValues: known.map { ($0, tokenizer) })
    let vocabulary = tokenizer.vocabulary ?? []
    fields = known.map {
      DataField($0, [length], classes: vocabulary.count, classNames: vocabulary)
    }
    let spare = tokens.count - length
    let coversAll = names.next == nil
    lastStart = coversAll ? spare : spare - 1
    count = lastStart / stride + (coversAll && lastStart % stride > 0 ? 2 : 1)
  }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    let start = min(row * stride, lastStart) + field
    tokens.withUnsafeBufferPointer { tokens in
      for i in 0..<length { destination[i] = Float(tokens[start + i]) }
    }
  }
}
