import Compilation
import Datasets
public import Settings
import TensorCore

/// Text that a trained model writes: on from a prompt, or as the answer to a text.
///
/// Drawing and beam search see the same of what was written: where the model has a context of L tokens, the last L of
/// a prompt; where the context is full, the second half of it, from which it is begun anew. An answer goes no further
/// than the context, for its beginning belongs to it: it has L tokens at most, its end counted, as in training.
public final class TextGeneration {
  /// What decides on the text.
  public struct Request: Sendable {
    public var sampler = TokenSampler()
    /// How many tokens are written at most.
    public var count = 500
    /// Texts behind which nothing more is written, and which are not written themselves.
    public var stops: [String] = []
    /// How many beginnings are followed side by side, the likeliest ones; nil draws one token after another.
    public var beams: Int?
    /// The power of its length by which the logarithm of a beam's probability is divided.
    public var lengthPenalty = 1.0

    public init() {}
  }

  private let request: Request
  private let text: TextModel
  private let model: StepModel
  /// How many tokens have a text: a model may give scores for more, which are never chosen.
  private let vocabulary: Int

  /// Throws: `Problems` where the model foretells no text, or cannot step by step; what the checkpoint lacks.
  public init(_ model: TrainedModel, _ request: Request, threads: Int) throws {
    self.request = request
    text = try model.textModel()
    self.model = try StepModel(
      model, graph: text.graph, prediction: text.prediction, stepped: text.stepped,
      rows: request.beams ?? 1, threads: threads)
    vocabulary = min(self.model.scores, text.tokenizer.vocabulary?.count ?? 0)
  }

  /// Whether it answers texts; else it writes on from them.
  public var answers: Bool { text.source != nil }

  /// Writes.
  ///
  /// - Parameters:
  ///   - prompt: the text to go on from, or to answer.
  ///   - emit: is given the new text piece by piece.
  /// Throws: `Problems` for a prompt that the vocabulary does not cover.
  public func write(_ prompt: String, emit: (String) -> Void) throws(Problems) {
    var before: [Int] = []
    if let source = text.source {
      let row = source.row(of: try Self.encode(prompt, source.tokenizer))
      model.begin { input, view in
        guard input == source.input else { return }
        for index in 0..<view.count { view[index] = Float(row[index % row.count]) }
      }
    } else {
      before = try Self.encode(prompt, text.tokenizer)
      model.begin()
    }
    if let marks = text.marks { before.insert(marks.start, at: 0) }
    guard !before.isEmpty else {
      throw Problems(Problem("the model goes on from a text: --prompt gives at least one token"))
    }
    if request.beams == nil { draw(from: before, emit) } else { search(from: before, emit) }
  }

  private static func encode(
    _ text: String, _ tokenizer: any Tokenizer
  ) throws(Problems) -> [Int] {
    do throws(UnknownToken) {
      return try tokenizer.encode(text[...].unicodeScalars).map(Int.init)
    } catch {
      throw Problems(
        Problem("the prompt: \(error.piece.json.shown) is not in the vocabulary of the model"))
    }
  }

  /// One token after the other.
  private func draw(from before: [Int], _ emit: (String) -> Void) {
    var tokens = before
    var scores = read(repeated(before))
    let count = room(behind: before.count)
    var growing = GrowingText(text.tokenizer, isBeginning: answers)
    var written = StoppedText(stops: request.stops)
    for number in 0..<count {
      let token = request.sampler.choose(
        UnsafeBufferPointer(start: scores.base, count: vocabulary), past: tokens, number: number)
      if token == text.marks?.end { break }
      tokens.append(token)
      emit(written.take(growing.append(token)))
      if written.isEnded || number + 1 == count { break }
      scores = advance([token]) { [tokens] }
    }
    if !written.isEnded { emit(written.take(growing.rest)) }
    emit(written.rest)
  }

  /// How many tokens are written at most behind so many: an answer has no more than the model's context.
  private func room(behind count: Int) -> Int {
    guard answers, let limit = model.limit else { return request.count }
    return min(request.count, limit - count + 1)
  }

  private func repeated(_ tokens: [Int]) -> [ArraySlice<Int>] {
    [ArraySlice<Int>](repeating: tokens.suffix(model.limit ?? .max), count: model.rows)
  }

  /// Goes through tokens from the beginning, as many in each row.
  private func read(_ rows: [ArraySlice<Int>]) -> View<Float> {
    var scores = model.advance(rows.map { $0[$0.startIndex] })
    for step in 1..<max(1, rows[0].count) {
      scores = model.advance(rows.map { $0[$0.startIndex + step] })
    }
    return scores
  }

  /// Goes on by a token in each row; where the context is full, begins anew with its second half.
  ///
  /// - Parameter texts: all tokens of each row, that one included.
  private func advance(_ tokens: [Int], texts: () -> [[Int]]) -> View<Float> {
    guard let limit = model.limit, model.position == limit else { return model.advance(tokens) }
    model.begin()
    return read(texts().map { $0.suffix(max(1, limit / 2)) })
  }

  /// The likeliest text that beam search finds.
  private func search(from before: [Int], _ emit: (String) -> Void) {
    var search = BeamSearch(
      width: model.rows, vocabulary: vocabulary, end: text.marks?.end,
      lengthPenalty: request.lengthPenalty)
    var scores = read(repeated(before))
    let count = room(behind: before.count)
    for number in 0..<count {
      search.extend(
        UnsafeBufferPointer(start: scores.base, count: scores.count), tokens: model.scores)
      if search.isDone || number + 1 == count { break }
      model.reorder(search.beams.map(\.origin))
      scores = advance(search.beams.map(\.token)) { search.beams.map { before + $0.tokens } }
    }
    var growing = GrowingText(text.tokenizer, isBeginning: answers)
    var written = StoppedText(stops: request.stops)
    for token in search.best where !written.isEnded { emit(written.take(growing.append(token))) }
    if !written.isEnded { emit(written.take(growing.rest)) }
    emit(written.rest)
  }
}
