public import Datasets
import Formats
import Settings

/// Where the rows come from that a trained model is applied to.
public enum RowSource: Sendable {
  /// A part of the data that its configuration names: the one to report on where none is said.
  case split(Split?)
  /// A file of rows like those it was trained on, before any transform: what the reader of the data takes, and IDX,
  /// NPY, a picture or a folder of pictures.
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
      return try rows(inFile: path, of: spec, holding: needed)
    }
  }

  /// Rows of a file: those that the reader of the data takes, else those of any model.
  private func rows(
    inFile path: String, of spec: DataSpec, holding needed: [DataField]
  ) throws -> InputRows {
    let split = spec.reportedSplit.flatMap { spec[$0] }
    let (sources, transforms, numbers) = (spec.transforms + (split?.transforms ?? []))
      .making(needed.map(\.name))
    func suits(_ read: [DataField]) -> Bool {
      let empty = MemoryDataset(count: 0, read.map { ($0, .floats([])) })
      guard let made = try? Pipeline(empty, transforms).fields else { return false }
      return needed.allSatisfy { field in
        made.contains { $0.name == field.name && $0.shape == field.shape }
      }
    }
    let file: FileRows
    if let own = try split?.reader.rows(in: FilePath(path), of: sources, suits: suits) {
      file = own
    } else {
      guard sources.count == 1, let source = sources.first, let first = needed.first else {
        throw Problems(
          Problem(
            "\(path) can hold one field; what is computed follows from \(sources.count): "
              + quoted(sources.sorted())
              + (split?.reader.inputFiles.map { ". The reader of the model's data takes \($0)" }
                ?? "")
              + ". With --set the data's own files are replaced by others like them"))
      }
      let like = fields.first { $0.name == source } ?? first
      file = try FileRows(
        path, like: DataField(source, like.shape), suits: { suits([$0]) },
        others: split?.reader.inputFiles)
    }
    let pipeline = try Pipeline(
      file.dataset, transforms, numbers: numbers, seed: experiment.seed)
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
