import Compilation
import Datasets
import Formats
import Foundation
import Settings
import TensorCore

/// Parameters that begin as a file says.
extension Trainer {
  /// Takes parameters from another checkpoint or from a file of vectors where the stage says so.
  func initialize() throws {
    guard let source = settings.initialize else { return }
    let taken = tensors(for: source)
    if let path = source.checkpoint {
      try Checkpoint(path.resolved).restore(taken)
      observer?.note("\(taken.count) tensors from \(path.text)")
    } else if let path = source.vectors {
      let (field, words) = try vocabulary(of: source, in: stage)
      // All tables are as wide, or `checkTables` would have said so.
      let (found, note) = try takeVectors(
        from: path, for: words, of: field, width: taken.first?.view.shape.last ?? 0,
        into: taken.map(\.view))
      if let note { observer?.note("\(path.text): \(note)") }
      observer?.note(
        "vectors of \(found) of the \(words.count) words of \"\(field)\" from \(path.text)")
    }
  }

  /// The tensors that a stage takes from another checkpoint, by their names there.
  private func tensors(for source: Initialization) -> [(name: String, view: View<Float>)] {
    engine.store.tensors.filter { source.takes($0.name) }.map { tensor in
      let beginning = source.rename.keys.filter(tensor.name.hasPrefix).max { $0.count < $1.count }
      guard let beginning, let other = source.rename[beginning] else { return tensor }
      return (other + tensor.name.dropFirst(beginning.count), tensor.view)
    }
  }

  /// Writes vectors to the rows of tables [V, U] that their words have.
  ///
  /// Returns how many words have one, and what is odd about the file.
  private func takeVectors(
    from path: FilePath, for words: [String], of field: String, width: Int,
    into tables: [View<Float>]
  ) throws(FormatError) -> (count: Int, note: String?) {
    var rows = VectorRows(words)
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
    return (rows.count, note)
  }

  /// Reports a file that the parameters of a stage cannot begin with: one that is not there, that is no such file, or
  /// that does not fit.
  func checkInitialization(of number: Int, _ problems: inout Problems) {
    let stage = experiment.stages[number]
    guard let source = stage.settings.initialize, let path = source.checkpoint ?? source.vectors
    else { return }
    if number > 0, isWrittenByRun(path) { return }
    do {
      if source.checkpoint != nil {
        try Checkpoint(path.resolved).check(tensors(for: source))
      } else {
        let (field, words) = try vocabulary(of: source, in: stage)
        let width = try checkTables(of: source, in: stage, for: words, of: field)
        _ = try takeVectors(from: path, for: words, of: field, width: width, into: [])
      }
    } catch let error as Problems {
      problems.add(error)
    } catch {
      problems.add("\(error)", path: path.keys, at: path.place)
    }
  }

  /// Whether a file is a checkpoint of this very run, which an earlier stage has yet to write.
  func isWrittenByRun(_ path: FilePath) -> Bool {
    guard let folder else { return false }
    func standard(_ path: FilePath) -> String {
      URL(fileURLWithPath: path.anchored.text).standardizedFileURL.path
    }
    return standard(path).hasPrefix(standard(FilePath(folder.checkpoints)) + "/")
  }

  /// How wide the tables are that take vectors.
  ///
  /// Throws: `Problems` with every one that cannot hold them.
  private func checkTables(
    of source: Initialization, in stage: Experiment.Stage, for words: [String], of field: String
  ) throws(Problems) -> Int {
    var problems = Problems()
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
    try problems.throwIfAny()
    return width ?? 0
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
