import Compilation
import Datasets
public import Settings
import TensorCore

/// Text that a trained model writes: on from a prompt, or as the answer to a text.
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
      let tokens = try Self.encode(prompt, source.tokenizer)
      model.begin { input, view in
        guard input == source.input else { return }
        view.fill(0)
        for row in 0..<self.model.rows {
          for (index, token) in tokens.prefix(source.length).enumerated() {
            view[row * source.length + index] = Float(token)
          }
        }
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
    var scores = advance(by: before)
    var growing = GrowingText(text.tokenizer, isBeginning: answers)
    var written = StoppedText(stops: request.stops)
    for number in 0..<request.count {
      let token = request.sampler.choose(
        UnsafeBufferPointer(start: scores.base, count: vocabulary), past: tokens, number: number)
      if token == text.marks?.end { break }
      tokens.append(token)
      emit(written.take(growing.append(token)))
      if written.isEnded || number + 1 == request.count { break }
      scores = advance(to: tokens)
    }
    if !written.isEnded { emit(written.take(growing.rest)) }
    emit(written.rest)
  }

  /// Goes through tokens from the beginning; where there is no room for all, through the last of them.
  private func advance(by tokens: [Int]) -> View<Float> {
    let fitting = tokens.suffix(model.limit ?? .max)
    var scores = model.advance([Int](repeating: fitting[fitting.startIndex], count: model.rows))
    for token in fitting.dropFirst() {
      scores = model.advance([Int](repeating: token, count: model.rows))
    }
    return scores
  }

  /// Goes on by the last token; where the context is full, begins anew with its second half.
  private func advance(to tokens: [Int]) -> View<Float> {
    guard let limit = model.limit, model.position == limit, text.source == nil else {
      return model.advance([tokens[tokens.count - 1]])
    }
    model.begin()
    return advance(by: Array(tokens.suffix(max(1, limit / 2))))
  }

  /// The likeliest text that beam search finds.
  private func search(from before: [Int], _ emit: (String) -> Void) {
    var search = BeamSearch(
      width: model.rows, vocabulary: vocabulary, end: text.marks?.end,
      lengthPenalty: request.lengthPenalty)
    var scores = advance(by: before)
    let room = (model.limit ?? .max) - min(before.count, model.limit ?? .max) + 1
    for number in 0..<min(request.count, room) {
      search.extend(
        UnsafeBufferPointer(start: scores.base, count: scores.count), tokens: model.scores)
      if search.isDone || number + 1 == min(request.count, room) { break }
      model.reorder(search.beams.map(\.origin))
      scores = model.advance(search.beams.map(\.token))
    }
    var growing = GrowingText(text.tokenizer, isBeginning: answers)
    var written = StoppedText(stops: request.stops)
    for token in search.best where !written.isEnded { emit(written.take(growing.append(token))) }
    if !written.isEnded { emit(written.take(growing.rest)) }
    emit(written.rest)
  }
}
