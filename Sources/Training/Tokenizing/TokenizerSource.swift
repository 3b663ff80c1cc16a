public import Datasets
import Formats
import ModelSpec
import Settings

/// Where commands take tokenizers from: a file of its own, a checkpoint, or the training data of a configuration.
public enum TokenizerSource {
  /// The keys of a configuration that matter; a model and a training may be there and are left alone.
  private struct Source: Configurable {
    var seed = 0
    var data: DataSpec?

    static let fields: [Field<Source>] = [
      Field("seed", \.seed, .within(0...1 << 53), "Seed of every random number"),
      Field("data", \.data, "The training, validation and test data"),
    ]
  }

  /// The tokenizer of a file that ends in .json, or that of a field of the data of a checkpoint or a run.
  ///
  /// Throws: `FormatError` where there is no such file, `Problems` for what is wrong in it, or where it is not clear which
  /// field is meant.
  public static func read(_ path: String, field: String? = nil) throws -> any Tokenizer {
    if path.hasSuffix(".json") { return try TokenizerJSON.read(path) }
    let checkpoint = try Checkpoint(RunFolder.checkpoint(at: path))
    return try choose(
      Experiment(checkpoint.document).data?.tokenizers ?? [:], field, of: checkpoint.path)
  }

  /// The tokenizer of a field of the training data that a configuration names, with what it learns of them.
  ///
  /// Throws: `ConfigError`, `Problems`, and what is wrong with the data.
  public static func train(
    _ path: String, field: String? = nil, overrides: [String] = [], environment: [String: String]
  ) throws -> any Tokenizer {
    let document = try ConfigFile.load(path, overrides: overrides, environment: environment)
      .effective
    var problems = Problems()
    let keys = (document.members ?? []).map(\.key)
    let source = Source.read(document, at: "", besides: keys, &problems)
    try problems.throwIfAny()
    guard let source, let spec = source.data else {
      throw Problems(Problem("\"data\" is missing", at: document.place))
    }
    let data = try spec.open([.train], seed: UInt64(source.seed))
    return try choose(data.fitted.tokenizers, field, of: path)
  }

  /// The tokenizer of a field, or the one there is.
  private static func choose(
    _ tokenizers: [String: any Tokenizer], _ field: String?, of file: String
  ) throws(Problems) -> any Tokenizer {
    let names = tokenizers.keys.sorted()
    if let field {
      if let tokenizer = tokenizers[field] { return tokenizer }
      throw Problems(
        Problem(
          "\(file) has no field of tokens \"\(field)\"" + suggestion(for: field, among: names)))
    }
    guard let first = names.first, let tokenizer = tokenizers[first] else {
      throw Problems(Problem("\(file) has no field of tokens"))
    }
    let vocabulary = tokenizer.vocabulary ?? []
    if names.contains(where: { tokenizers[$0]?.vocabulary.map(vocabulary.isExactly) != true }) {
      let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
      throw Problems(Problem("\(file) has several tokenizers, of the fields \(list): name one"))
    }
    return tokenizer
  }
}
