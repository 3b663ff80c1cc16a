public import Settings

/// A column of texts, as numbers of tokens.
public struct TextColumn: Configurable {
  public var column: ColumnName?
  public var length = 1
  public var keepsEnd = false
  var tokenizerChoice: Choice<TokenizerKind>?
  public var tokenizerOf: String?
  public var nextField: String?
  public var padding = "<pad>"
  public var start = "<start>"
  public var end = "<end>"

  public init() {}

  public static let fields: [Field<TextColumn>] = [
    Field("column", \.column, columnDocumentation),
    Field("length", \.length, required: true, .within(1...1 << 20), "T, the tokens of a row")
      .example(64),
    Field(
      "keep_end", \.keepsEnd,
      "whether of a text that is too long the last tokens are kept, and not the first"),
    Field(
      "tokenizer", \.tokenizerChoice,
      "what the tokens are; \"words\" where neither this nor \"tokenizer_of\" is given"),
    Field("tokenizer_of", \.tokenizerOf, "the field of texts whose tokenizer this one shares"),
    Field(
      "next_field", \.nextField,
      "a field of the tokens that follow: the tokens then begin with \"start\", and those that follow end with \"end\""
    ),
    Field("padding", \.padding, .someText, "the token behind short texts, number 0"),
    Field("start", \.start, .someText, "the token in front of texts that have a \"next_field\""),
    Field("end", \.end, .someText, "the token behind texts that have a \"next_field\""),
  ]

  public var contradiction: String? {
    if tokenizerChoice != nil, tokenizerOf != nil {
      return "\"tokenizer\" and \"tokenizer_of\" exclude each other"
    }
    return Set([padding, start, end]).count == 3
      ? nil : "two of \"padding\", \"start\" and \"end\" are the same"
  }

  /// The tokenizer of its own.
  var tokenizer: any Tokenizer {
    get { tokenizerChoice?.value ?? WordTokenizer() }
    set { tokenizerChoice = Choice(newValue) }
  }

  /// The special tokens that its rows hold.
  var specialTokens: [String] { nextField == nil ? [padding] : [padding, start, end] }
}

/// A column of classes.
public struct ClassesColumn: Configurable {
  public var column: ColumnName?
  public var classes: [String]?

  public init() {}

  public static let fields: [Field<ClassesColumn>] = [
    Field("column", \.column, columnDocumentation),
    Field(
      "classes", \.classes, .distinct(),
      "the labels in the order of their classes; from the training file where left out"),
  ]
}

/// A column of numbers.
public struct NumbersColumn: Configurable {
  public var column: ColumnName?

  public init() {}

  public static let fields: [Field<NumbersColumn>] = [
    Field("column", \.column, columnDocumentation)
  ]
}

private let columnDocumentation =
  "the column, by its name or its number from 0; the only one, or the one with the field's name, where left out"

extension Bounds where Value == String {
  fileprivate static var someText: Bounds { Bounds("not empty") { !$0.isEmpty } }
}
