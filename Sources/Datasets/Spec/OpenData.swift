import Settings
import TensorCore

/// The splits of a `DataSpec`, read and ready to make batches of.
public struct OpenData: Sendable {
  /// The spec with everything that was learnt from the training data (classes, means, deviations) and absolute paths.
  ///
  /// A checkpoint stores its JSON; opened again, each split is what it was, without the training data.
  public let fitted: DataSpec
  /// What people should know of how the files were read, each once.
  public let notes: [String]
  private let pipelines: [Split: Pipeline]

  init(_ fitted: DataSpec, _ pipelines: [Split: Pipeline], notes: [String]) {
    self.fitted = fitted
    self.pipelines = pipelines
    self.notes = notes
  }

  /// The pipeline of a split; nil where the spec has none or it was not asked for.
  public subscript(split: Split) -> Pipeline? { pipelines[split] }

  /// The fields that every split has.
  public var fields: [DataField] {
    Split.allCases.compactMap { pipelines[$0] }.first?.fields ?? []
  }

  /// The files that the splits come from, each once.
  public var files: [SourceFile] {
    Split.allCases.compactMap { pipelines[$0] }.flatMap(\.files)
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension DataSpec {
  /// Reads the splits asked for that the spec has, and fits what it leaves open to the training data.
  ///
  /// The training data are read too where something is to be fitted. Two splits of the same files share the memory.
  /// Throws: `MissingFiles` with all files that are not there; `FormatError` or `DataError` for what is wrong in a file;
  /// `Problems` for settings that do not suit the data.
  public func open(_ wanted: Set<Split> = Set(Split.allCases), seed: UInt64) throws -> OpenData {
    let splits = Split.allCases.filter {
      self[$0] != nil && (wanted.contains($0) || $0 == .train && !isFitted)
    }
    try MissingFiles.check(splits.compactMap { self[$0] }.flatMap(\.reader.paths))
    var opening = DataOpening(self)
    for split in splits { try opening.read(split) }
    return try opening.finish(wanted, seed)
  }
}

extension Reader {
  /// This reader, with all that it leaves open taken from the training data.
  fileprivate func fitted(to dataset: any Dataset) -> Self {
    fitted(to: dataset.fields).sharing(dataset.tokenizers)
  }
}

/// The steps of opening, in their order.
private struct DataOpening {
  var spec: DataSpec
  var datasets: [Split: any Dataset] = [:]
  /// What was read, so that splits of the same files share it.
  var sources: [(reader: any Reader, dataset: any Dataset)] = []
  var notes: [String] = []
  var taken: [Split: SplitRows] = [:]

  init(_ spec: DataSpec) { self.spec = spec }

  mutating func read(_ split: Split) throws {
    guard var part = spec[split] else { return }
    if let training = datasets[.train] { part.reader = part.reader.fitted(to: training) }
    let source: Int
    if let known = sources.firstIndex(where: { part.reader.equals($0.reader) }) {
      source = known
    } else {
      let whole = try part.reader.open()
      part.reader = part.reader.fitted(to: whole)
      source = sources.count
      sources.append((part.reader, whole))
      for note in whole.notes where !notes.contains(note) { notes.append(note) }
    }
    let whole = sources[source].dataset
    let rows = try SplitRows(part, of: whole, source: source)
    datasets[split] = rows.rows(of: whole)
    taken[split] = rows
    spec[split] = part
  }

  mutating func finish(_ wanted: Set<Split>, _ seed: UInt64) throws -> OpenData {
    if let training = datasets[.train] {
      let common = try fitted(spec.transforms, after: [], to: training)
      spec.transforms = common
      for split in Split.allCases where spec[split] != nil {
        // A split that was not read is fitted too, so that a checkpoint can open it later by itself.
        if let reader = spec[split]?.reader.fitted(to: training) {
          spec[split]?.reader = reader
        }
        let own = try fitted(spec[split]?.transforms ?? [], after: common, to: training)
        spec[split]?.transforms = own
      }
    }
    var pipelines: [Split: Pipeline] = [:]
    for (split, dataset) in datasets where wanted.contains(split) {
      pipelines[split] = try Pipeline(
        dataset, spec.transforms + (spec[split]?.transforms ?? []), seed: seed)
    }
    try agree(pipelines)
    for split in Split.allCases {
      if let reader = spec[split]?.reader.anchored() { spec[split]?.reader = reader }
    }
    return OpenData(spec, pipelines, notes: notes + sharedRows(wanted))
  }

  /// A note for each split that has rows which are trained on.
  private func sharedRows(_ wanted: Set<Split>) -> [String] {
    guard let training = taken[.train] else { return [] }
    return Split.allCases.filter { $0 != .train && wanted.contains($0) }.compactMap { split in
      guard let rows = taken[split] else { return nil }
      let shared = rows.shared(with: training)
      return shared == 0
        ? nil
        : "\(shared) of the \(rows.slice.count) rows of \"\(split.rawValue)\" are trained on too: what "
          + "is measured on them tells nothing of other rows"
    }
  }

  /// Each transform fitted to the training data as they are before it.
  private func fitted(
    _ transforms: [any Transform], after before: [any Transform], to training: any Dataset
  ) throws -> [any Transform] {
    var done = before
    for transform in transforms {
      let dataset = try Pipeline(training, done)
      let field = try Pipeline.index(of: transform.field, in: dataset.fields)
      done.append(try transform.fitted(to: dataset, field: field))
    }
    return Array(done.dropFirst(before.count))
  }

  /// Throws: `Problems` where a split has other fields than the first.
  private func agree(_ pipelines: [Split: Pipeline]) throws(Problems) {
    let splits = Split.allCases.filter { pipelines[$0] != nil }
    guard let first = splits.first, let fields = pipelines[first]?.fields else { return }
    var problems = Problems()
    for split in splits.dropFirst() {
      let others = pipelines[split]?.fields ?? []
      if others.map(\.name) != fields.map(\.name) || others.map(\.shape) != fields.map(\.shape) {
        problems.add(
          "expected the fields of \"\(first.rawValue)\": \(list(fields)); got \(list(others))",
          path: "data.\(split.rawValue)", at: spec[split]?.reader.paths.first?.place)
      }
    }
    try problems.throwIfAny()
  }

  private func list(_ fields: [DataField]) -> String {
    fields.map { "\"\($0.name)\" \($0.shape)" }.joined(separator: ", ")
  }
}
