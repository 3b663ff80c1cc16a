import ArgumentParser
import Datasets
import Formats
import Foundation
import Settings
import Training

/// `dlcli tokenize`: tokenizers by themselves.
struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a tokenizer, or turn text into tokens and back.",
    subcommands: [TrainTokenizer.self, EncodeText.self, DecodeText.self])
}

/// `dlcli tokenize train`.
struct TrainTokenizer: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Write a tokenizer with the vocabulary of texts.",
    discussion: """
      Byte pairs are learnt from text files, or whatever tokenizer a configuration has from its training data:
        dlcli tokenize train --text reviews.txt --vocabulary-size 8000 --output tokenizer.json
        dlcli tokenize train config.json --field words --output tokenizer.json
      Byte pairs are written as Hugging Face's library "tokenizers" reads them. In a configuration, the tokenizer \
      {"type": "file", "path": "tokenizer.json"} is the one of such a file.
      """)

  @Argument(
    help: "A configuration, of which only the data matter.", completion: .file(extensions: ["json"])
  )
  var config: String?

  @Option(help: "The field of tokens; the only one by default.")
  var field: String?

  @OptionGroup var settings: ConfigurationOptions

  @Option(
    help: ArgumentHelp("Text files to learn byte pairs from, instead.", valueName: "file"),
    completion: .file())
  var text: [String] = []

  @Option(help: "How many tokens byte pairs have at most, special ones and bytes counted.")
  var vocabularySize = BytePairTokenizer().vocabularySize

  @Option(help: "How often a pair must occur to become a token.")
  var minimumCount = BytePairTokenizer().minimumCount

  @Option(
    help: ArgumentHelp(
      "A token that stands for something no text holds, such as <pad>. May stand several times; the first is number 0.",
      valueName: "token"))
  var special: [String] = []

  @Option(name: .customLong("output"), help: "The file to write.")
  var file: String

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if (config == nil) == text.isEmpty {
      throw ValidationError("give a configuration or --text files")
    }
    if vocabularySize < 256 + special.count {
      throw ValidationError(
        "--vocabulary-size is at least \(256 + special.count), for 256 bytes and the special tokens, got \(vocabularySize)"
      )
    }
    if minimumCount < 1 {
      throw ValidationError("--minimum-count is at least 1, got \(minimumCount)")
    }
    if !file.hasSuffix(".json") {
      throw ValidationError("--output ends in .json, got \"\(file)\"")
    }
    if Set(special).count != special.count {
      throw ValidationError("--special names a token twice")
    }
  }

  func run() throws {
    try OutputPath.check(file, isNoneOf: [config] + text)
    let tokenizer = try trained()
    try AtomicFile.write(file, TokenizerJSON.json(of: tokenizer).text() + "\n")
    let count = tokenizer.vocabulary?.count ?? 0
    StandardError.write("\(file): \(count) tokens\n")
  }

  private func trained() throws -> any Tokenizer {
    if let config {
      return try TokenizerSource.train(
        config, field: field, overrides: settings.overrides,
        environment: ProcessInfo.processInfo.environment)
    }
    var texts: [Substring.UnicodeScalarView] = []
    for path in text {
      let bytes = try Gzip.read(path).withoutByteOrderMark
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FormatError(.badData, file: path, "expected text in UTF-8, got other bytes")
      }
      texts.append(text[...].unicodeScalars)
    }
    var tokenizer = BytePairTokenizer()
    tokenizer.vocabularySize = vocabularySize
    tokenizer.minimumCount = minimumCount
    tokenizer.specialTokens = special
    return tokenizer.fitted(to: texts)
  }
}

/// Where a command takes its tokenizer from.
struct TokenizerOptions: ParsableArguments {
  @Argument(
    help: "A file tokenizer.json, a checkpoint, or the folder of a run.", completion: .file())
  var tokenizer: String

  @Option(help: "The field of tokens of the checkpoint; the only one by default.")
  var field: String?

  func load() throws -> any Tokenizer { try TokenizerSource.read(tokenizer, field: field) }
}

/// `dlcli tokenize encode`.
struct EncodeText: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn every line of standard input into tokens, a line of JSON each.",
    discussion: """
      A line has "tokens", the numbers, and "pieces", what is written for them in the vocabulary.
      """)

  @OptionGroup var tokenizer: TokenizerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let tokenizer = try tokenizer.load()
    let vocabulary = tokenizer.vocabulary ?? []
    let encode = tokenizer.encoder()
    var lines = StandardOutput()
    var input = StandardInput()
    var number = 0
    while let line = input.nextLine() {
      number += 1
      let tokens: [Int]
      do throws(UnknownToken) {
        tokens = try encode(line[...].unicodeScalars).map(Int.init)
      } catch {
        throw FormatError(
          .badData, file: "standard input", at: .line(number),
          "\(error.piece.json.shown) is not in the vocabulary of the tokenizer")
      }
      let json: JSON = ["tokens": tokens.json, "pieces": tokens.map { vocabulary[$0] }.json]
      try lines.write(json.text() + "\n")
    }
    try lines.flush()
  }
}

/// `dlcli tokenize decode`.
struct DecodeText: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn every line of numbers on standard input into text, a line of JSON each.",
    discussion: """
      A line is a JSON list of numbers, or an object with "tokens", as `tokenize encode` prints it. Special tokens are left out.
      """)

  @OptionGroup var tokenizer: TokenizerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let tokenizer = try tokenizer.load()
    let count = tokenizer.vocabulary?.count ?? 0
    var lines = StandardOutput()
    var input = StandardInput()
    var number = 0
    while let line = input.nextLine() {
      number += 1
      let place = FormatError.Place.line(number)
      let json: JSON
      do throws(Problems) { json = try JSONParser.parse(Array(line.utf8), file: "") } catch {
        throw FormatError(
          .badData, file: "standard input", at: place, error.list.first?.message ?? "")
      }
      var problems = Problems()
      let tokens = [Int].read(json["tokens"] ?? json, at: "", &problems)
      guard let tokens, tokens.allSatisfy({ (0..<count).contains($0) }) else {
        throw FormatError(
          .badData, file: "standard input", at: place,
          "expected numbers of tokens from 0 to \(count - 1), got \(json.shown)")
      }
      let text: JSON = ["text": tokenizer.decode(tokens).json]
      try lines.write(text.text() + "\n")
    }
    try lines.flush()
  }
}
