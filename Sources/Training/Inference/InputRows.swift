public import Datasets
import Formats
import Settings

/// Where the rows come from that a trained model is applied to.
public enum RowSource: Sendable {
  /// A part of the data that its configuration names: the one to report on where none is said.
  case split(Split?)
  /// A file of rows like those it was trained on, before any transform: IDX, NPY, a picture, a folder of pictures; CSV
  /// where it was trained on CSV; of texts, JSON lines or a text a line.
  case file(String)
  /// Rows that are there already.
  case open(Pipeline)
}

/// Rows to apply a trained model to.
struct InputRows: Sendable {
  let pipeline: Pipeline
  /// The files that the rows come from, where each has its own.
  var files: [String]?
  /// What people should know of how they were read.
  var notes: [String] = []

  /// The members of an object about a row that say which it is.
  func members(of row: Int) -> [JSON.Member] {
    [.init("row", row.json)] + (files.map { [.init("file", $0[row].json)] } ?? [])
  }
}

extension DataSpec {
  /// The split that results are about unless somebody says otherwise: the test data where there are any.
  public var reportedSplit: Split? {
    let splits: [Split] = [.test, .validation, .train]
    return splits.first { self[$0] != nil }
  }
}

extension Experiment {
  /// A split of its data that was opened.
  ///
  /// Throws: `Problems` where the data have none, with those that they have.
  func pipeline(_ split: Split, of data: OpenData) throws(Problems) -> Pipeline {
    if let pipeline = data[split] { return pipeline }
    let known = Split.allCases.filter { self.data?[$0] != nil }.map(\.rawValue)
    throw Problems(
      Problem(
        "the data have no split \"\(split.rawValue)\"; they have " + known.joined(separator: ", "),
        path: "data", at: dataPlace))
  }
}

extension TrainedModel {
  /// Rows with (at least) some fields of the data, transformed as evaluation transforms them.
  ///
  /// Throws: what is wrong with the data; `FormatError` for a file whose rows do not fit, `Problems` where a file cannot hold
  /// all of the fields.
  func rows(_ source: RowSource, holding needed: [DataField]) throws -> InputRows {
    guard let spec = data else {
      throw Problems(Problem("\"data\" is missing", at: experiment.place))
    }
    switch source {
    case .open(let pipeline): return InputRows(pipeline: pipeline)
    case .split(let split):
      guard let split = split ?? spec.reportedSplit else {
        throw Problems(Problem("there is no split", path: "data", at: experiment.dataPlace))
      }
      let data = try spec.open([split], seed: experiment.seed)
      let pipeline = try experiment.pipeline(split, of: data)
      try check(pipeline, needed, from: "data.\(split.rawValue)")
      return InputRows(pipeline: pipeline, notes: data.notes)
    case .file(let path):
      let split = spec.reportedSplit.flatMap { spec[$0] }
      let reader = split?.reader
      let (sources, transforms) = (spec.transforms + (split?.transforms ?? []))
        .making(needed.map(\.name))
      guard sources.count == 1, let source = sources.first, let first = needed.first else {
        throw Problems(
          Problem(
            "a file holds one field; what is computed follows from \(sources.count): "
              + quoted(sources.sorted())))
      }
      let like = fields.first { $0.name == source } ?? first
      let own = reader?.reading(FilePath(path), as: source)
      let file =
        try own.map { RowFile(try $0.open()) }
        ?? RowFile(path, like: DataField(source, like.shape)) {
          file, channels throws(FormatError) in
          guard let reader else { return try ImageFile.read(file, channels: channels) }
          return try reader.picture(at: file, channels: channels, as: source)
        }
      let pipeline = try Pipeline(file.dataset, transforms, seed: experiment.seed)
      for field in needed {
        let found = pipeline.fields.first { $0.name == field.name }
        guard found?.shape != field.shape else { continue }
        throw FormatError(
          .badData, file: path,
          "expected rows that become \(field.shape), got "
            + (found.map { "\($0.shape)" } ?? "no \"\(field.name)\""))
      }
      return InputRows(pipeline: pipeline, files: file.names, notes: file.dataset.notes)
    }
  }

  /// Throws: `Problems` with every field that the rows lack or have in another shape.
  private func check(
    _ pipeline: Pipeline, _ needed: [DataField], from path: String
  ) throws(Problems) {
    var problems = Problems()
    for field in needed {
      let found = pipeline.fields.first { $0.name == field.name }
      if found?.shape != field.shape {
        problems.add(
          "expected the field \"\(field.name)\" \(field.shape), got "
            + (found.map { "\($0.shape)" } ?? "none"), path: path, at: experiment.dataPlace)
      }
    }
    try problems.throwIfAny()
  }
}
