import Compilation
import Datasets
import Formats
import Settings
import TensorCore

/// Parameters that begin as a file says.
extension Trainer {
  /// Takes parameters from another checkpoint or from a file of vectors where the stage says so.
  func initialize() throws {
    guard let source = settings.initialize else { return }
    let taken = engine.store.tensors.filter { source.takes($0.name) }
    if let path = source.checkpoint {
      try Checkpoint(path.resolved).restore(
        taken.map { tensor in
          let beginning = source.rename.keys.filter(tensor.name.hasPrefix).max {
            $0.count < $1.count
          }
          guard let beginning, let other = source.rename[beginning] else { return tensor }
          return (other + tensor.name.dropFirst(beginning.count), tensor.view)
        })
      observer?.note("\(taken.count) tensors from \(path.text)")
    } else if let path = source.vectors {
      let (field, words) = try vocabulary(of: source, in: stage)
      try takeVectors(from: path, for: words, of: field, into: taken.map(\.view))
    }
  }

  /// Writes vectors to the rows of tables [V, U] that their words have.
  private func takeVectors(
    from path: FilePath, for words: [String], of field: String, into tables: [View<Float>]
  ) throws(FormatError) {
    var rows = VectorRows(words)
    // All tables are as wide, or `checkVectors` would have said so.
    let width = tables.first?.shape.last ?? 0
    let note = try WordVectors.read(
      path.resolved, width: width, wants: { rows.row(of: $0) != nil },
      take: { word, numbers in
        guard let row = rows.take(word) else { return }
        for table in tables { (table.base + row * width).update(from: numbers, count: width) }
      })
    guard rows.count > 0 else {
      throw FormatError(
        .badData, file: path.resolved,
        "has a vector for none of the \(words.count) words of \"\(field)\"")
    }
    if let note { observer?.note("\(path.text): \(note)") }
    observer?.note(
      "vectors of \(rows.count) of the \(words.count) words of \"\(field)\" from \(path.text)"
    )
  }

  /// Reports vectors of words that nothing has, and tables that cannot hold them.
  func checkVectors(_ problems: inout Problems) {
    for stage in experiment.stages {
      guard let source = stage.settings.initialize, source.vectors != nil else { continue }
      do throws(Problems) {
        let (field, words) = try vocabulary(of: source, in: stage)
        let tables = engine.store.parameters.filter { source.takes($0.name) }
        let width = tables.first?.specification.shape.last
        for table in tables {
          let shape = table.specification.shape
          if shape.rank != 2 || shape[0] < words.count || shape.last != width {
            problems.add(
              "\"\(table.name)\" \(shape) is no table of vectors for the \(words.count) words of "
                + "\"\(field)\", as wide as others", path: path(stage.path, "initialize"),
              at: stage.place)
          }
        }
      } catch { problems.add(error) }
    }
  }

  /// The words that vectors are for, in the order of their numbers, and the field that has them.
  private func vocabulary(
    of source: Initialization, in stage: Experiment.Stage
  ) throws(Problems) -> (field: String, words: [String]) {
    let known = data.fitted.tokenizers.compactMapValues(\.vocabulary)
    let names = known.keys.sorted()
    let name = source.vocabulary ?? (names.count == 1 ? names[0] : nil)
    if let name, let words = known[name] { return (name, words) }
    let message =
      name.map { "the data have no field of tokens \"\($0)\"" + suggestion(for: $0, among: names) }
      ?? "\"vocabulary\" must say which field's words the vectors are for: "
      + (names.isEmpty ? "the data have no tokens" : names.joined(separator: ", "))
    throw Problems(
      Problem(message, path: path(stage.path, "initialize"), at: stage.place))
  }
}
