public import Datasets
import Formats
import ModelSpec
import Settings

/// Principal components of the training data that a configuration names, from the configuration to a run's folder.
public struct ComponentAnalysis: Sendable {
  private let name: String
  private let seed: UInt64
  private let data: OpenData
  private let pipeline: Pipeline
  private let field: Int

  /// The keys of a configuration that matter; a model and a training may be there and are left alone.
  private struct Source: Configurable {
    var name = "model"
    var seed = 0
    var data: DataSpec?

    static let fields: [Field<Source>] = [
      Field("name", \.name, .runName, "Name of the run and of its folder"),
      Field("seed", \.seed, .within(0...1 << 53), "Seed of every random number"),
      Field("data", \.data, "The training, validation and test data"),
    ]
  }

  /// What people should know of how the data were read.
  public var notes: [String] { data.notes }

  /// Reads a configuration and its training data.
  ///
  /// - Parameter field: whose components are wanted; the first that holds no classes where nil.
  /// Throws: `ConfigError`, `Problems`, and what is wrong with the data.
  public init(
    _ path: String, field name: String? = nil, overrides: [String] = [],
    environment: [String: String]
  ) throws {
    let document = try ConfigFile.load(path, overrides: overrides, environment: environment)
      .effective
    var problems = Problems()
    let keys = (document.members ?? []).map(\.key)
    let source = Source.read(document, at: "", besides: keys, &problems)
    try problems.throwIfAny()
    guard let source, let spec = source.data else {
      throw Problems(Problem("\"data\" is missing", at: document.place))
    }
    data = try spec.open([.train], seed: UInt64(source.seed))
    guard let pipeline = data[.train] else {
      throw Problems(
        Problem(
          "\"train\" is missing: the rows to learn from", path: "data",
          at: document["data"]?.place))
    }
    let fields = pipeline.fields
    let found =
      name.map { name in fields.firstIndex { $0.name == name } }
      ?? fields.firstIndex { $0.classes == nil }
    guard let found else {
      let names = fields.map(\.name)
      throw Problems(
        Problem(
          name.map { "the data have no field \"\($0)\"" + suggestion(for: $0, among: names) }
            ?? "every field of the data holds classes"))
    }
    (self.name, seed, self.pipeline) = (source.name, UInt64(source.seed), pipeline)
    self.field = found
  }

  /// Computes the first `count` components and writes their model to a folder, which holds no run or one to be forgotten.
  ///
  /// Throws: `Problems` for more components than a row has numbers, what reading throws, what cannot be written.
  public func run(
    components count: Int, isWhitened: Bool, folder: RunFolder, overwrites: Bool,
    threads: Int
  ) throws -> PrincipalComponents {
    let field = pipeline.fields[field]
    guard count <= field.shape.count else {
      throw Problems(
        Problem(
          "a row of \"\(field.name)\" has \(field.shape.count) numbers, so there are no \(count) "
            + "components"))
    }
    try PrincipalComponents.checkMemory(size: field.shape.count)
    let components = try PrincipalComponents(
      count, of: pipeline, field: self.field, threads: threads)
    let model = try ComponentModel(components, of: field, isWhitened: isWhitened)
    let lock = try folder.lock()
    defer { withExtendedLifetime(lock) {} }
    try folder.checkNamesAreFree()
    if overwrites {
      try folder.clear(readBy: data.files.map(\.path))
    } else if folder.isUsed {
      throw FormatError(
        .cannotCreate, file: folder.path,
        "holds a run already: --overwrite forgets it, --output takes another folder")
    }
    let document = try model.write(folder.last, name: name, seed: seed, data: data)
    try AtomicFile.write(folder.resolvedConfiguration, document.text(indented: true) + "\n")
    return components
  }

  /// The mean over the rows of a checkpoint's split of the squared error, summed over a row; nil where there is no such split.
  public static func squaredError(
    _ path: String, _ split: Split, threads: Int
  ) throws -> Double? {
    let checkpoint = try Checkpoint(path)
    let experiment = try Experiment(checkpoint.document)
    guard experiment.data?[split] != nil else { return nil }
    return try Evaluation(checkpoint, experiment: experiment, split: split, threads: threads).run()
      .results.first?.value
  }
}
