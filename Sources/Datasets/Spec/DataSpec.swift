public import Settings

/// What a part of the data is for.
public enum Split: String, CaseIterable, SettingValue {
  case train
  case validation
  case test
}

/// The section `data` of a config: up to three splits and the transforms common to all.
public struct DataSpec: Configurable {
  public var train: SplitSpec?
  public var validation: SplitSpec?
  public var test: SplitSpec?
  private var common: [Choice<TransformKind>] = []

  public init() {}

  public static let fields: [Field<DataSpec>] = [
    Field("train", \.train, "the rows to learn from; what is learnt of the data comes from them"),
    Field("validation", \.validation, "the rows to choose by: early stopping, the best checkpoint"),
    Field("test", \.test, "the rows to report on, which nothing is chosen by"),
    Field("transforms", \.common, "what happens to the rows of every split, in this order"),
  ]

  public var contradiction: String? {
    train == nil && validation == nil && test == nil
      ? "expected at least one of \"train\", \"validation\" and \"test\"" : nil
  }

  /// The transforms common to all splits.
  public var transforms: [any Transform] {
    get { common.map(\.value) }
    set { common = newValue.map(Choice.init) }
  }

  public subscript(split: Split) -> SplitSpec? {
    get {
      switch split {
      case .train: train
      case .validation: validation
      case .test: test
      }
    }
    set {
      switch split {
      case .train: train = newValue
      case .validation: validation = newValue
      case .test: test = newValue
      }
    }
  }

  /// By the names of fields of tokens, what stands in front of their texts and behind them.
  public var marks: [String: TextMarks] {
    Split.allCases.compactMap { self[$0]?.reader.marks }
      .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  /// The fields of tokens that hold the end of a text that is too long for them, and not its beginning.
  public var fieldsThatKeepEnds: Set<String> {
    Split.allCases.compactMap { self[$0]?.reader.fieldsThatKeepEnds }.reduce([]) { $0.union($1) }
  }

  /// By the names of the fields of tokens, what made their numbers; those that are fitted alone.
  public var tokenizers: [String: any Tokenizer] {
    Split.allCases.compactMap { self[$0]?.reader.tokenizers }
      .reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  /// Whether nothing is left to learn from the training data, so that any split can be opened without them.
  public var isFitted: Bool {
    let splits = Split.allCases.compactMap { self[$0] }
    return (transforms + splits.flatMap(\.transforms)).allSatisfy(\.isFitted)
      && splits.allSatisfy(\.reader.isFitted)
  }
}
