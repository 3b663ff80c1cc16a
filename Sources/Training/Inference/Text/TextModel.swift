import Compilation
import Datasets
import GraphIR
import Settings

/// What a trained model of text foretells, and how text becomes its numbers.
struct TextModel {
  /// An input of tokens that is there as a whole: what is to be translated, answered or summed up.
  struct Source {
    /// Its number in the graph.
    let input: Int
    let tokenizer: any Tokenizer
    /// How many tokens it has room for.
    let length: Int
    /// The token in front of each text, where there is one.
    let start: Int?
    /// Whether of a text that is too long the last tokens are kept, and not the first.
    let keepsEnd: Bool

    /// The row [T] of a text, as the reader of the data makes it: cut where it is too long, padding (0) behind it.
    func row(of tokens: [Int]) -> [Int] {
      let room = length - (start == nil ? 0 : 1)
      let row = [start].compactMap(\.self) + (keepsEnd ? tokens.suffix(room) : tokens.prefix(room))
      return row + [Int](repeating: 0, count: length - row.count)
    }
  }

  let graph: Graph
  /// The scores [N, T, V] of the next token.
  let prediction: Graph.Source
  /// The input of the tokens so far.
  let stepped: Int
  /// Makes text of what is foretold.
  let tokenizer: any Tokenizer
  /// The tokens in front of a text and behind it; nil where texts have no ends.
  let marks: (start: Int, end: Int)?
  let source: Source?
}

extension TrainedModel {
  /// Whether it foretells the next token of texts.
  public var isOfText: Bool { (try? textModel()) != nil }

  /// What it foretells of texts.
  ///
  /// Throws: `Problems` where it foretells no tokens of texts, or cannot step by step.
  func textModel() throws(Problems) -> TextModel {
    let tokenizers = data?.tokenizers ?? [:]
    let comparisons = graph.comparisons(with: fields).filter {
      $0.scale == .logits && tokenizers[$0.target.name] != nil
    }
    guard let comparison = comparisons.first,
      let tokenizer = tokenizers[comparison.target.name]
    else { throw Problems(Problem("the model foretells no tokens of a text")) }
    let value = NamedValue(
      graph: graph, source: comparison.prediction,
      fields: graph.inputs.map { input in fields.first { $0.name == input.name } })
    let texts = value.neededInputs.filter { tokenizers[graph.inputs[$0].name] != nil }
    let shaped = try ShapedGraph(graph, batch: 1)
    var problems = Problems()
    // What looks back only: of a translator the text that it writes, not the one that it reads.
    for input in texts.reversed()
    where value.neededInputs.allSatisfy({ $0 == input || texts.contains($0) }) {
      do throws(Problems) {
        _ = try IncrementalGraph(shaped, stepping: [input], wanted: [comparison.prediction])
      } catch {
        problems.add(error)
        continue
      }
      let name = graph.inputs[input].name
      let vocabulary = tokenizer.vocabulary ?? []
      guard tokenizers[name]?.vocabulary.map(vocabulary.isExactly) == true else { continue }
      let others = texts.filter { $0 != input }
      guard others.count < 2 else { continue }
      return TextModel(
        graph: graph, prediction: comparison.prediction, stepped: input, tokenizer: tokenizer,
        marks: marks(of: name, in: vocabulary),
        source: others.first.flatMap { other in
          let field = graph.inputs[other].name
          return tokenizers[field].map {
            .init(
              input: other, tokenizer: $0, length: graph.inputs[other].shape.count,
              start: marks(of: field, in: $0.vocabulary ?? [])?.start,
              keepsEnd: data?.fieldsThatKeepEnds.contains(field) ?? false)
          }
        })
    }
    try problems.unique.throwIfAny()
    throw Problems(Problem("the model foretells tokens of a text, but not from those before"))
  }

  /// The numbers of the tokens in front of the texts of a field and behind them.
  private func marks(of field: String, in vocabulary: [String]) -> (start: Int, end: Int)? {
    guard let marks = data?.marks[field],
      let start = vocabulary.firstIndex(where: marks.start.isExactly),
      let end = vocabulary.firstIndex(where: marks.end.isExactly)
    else { return nil }
    return (start, end)
  }
}
