import Compilation
import GraphIR
import Settings
import TensorCore

/// Times how a trained model writes a text: step by step, against computing all that is there again for every token.
public struct GenerationBenchmark {
  public struct Result: Sendable {
    /// Seconds for the whole text as `TextGeneration` writes it, with the choice of tokens and their text.
    public let generation: Double
    /// Seconds of forward passes through every beginning of the text, from one token to all of them.
    public let beginnings: Double
  }

  /// How many lengths of beginnings are timed.
  private static let lengths = 8

  private let model: TrainedModel
  private let threads: Int

  public init(_ model: TrainedModel, threads: Int) { (self.model, self.threads) = (model, threads) }

  /// - Parameter tokens: the length of the text.
  ///
  /// Beginnings of 8 lengths are timed, the best of three passes each; those between lie on straight lines between them,
  /// from no time at all for no token. Plans and their memory are made before the clock starts.
  /// Throws: what `TextGeneration` throws; `Problems` where the layers take no sequences of other lengths.
  public func run(tokens: Int) throws -> Result {
    let text = try model.textModel()
    var request = TextGeneration.Request()
    request.count = tokens
    let generation = try TextGeneration(model, request, threads: threads)
    let prompt = text.tokenizer.decode([0])
    let writing = try best { try generation.write(prompt) { _ in } }
    var (total, before) = (0.0, (length: 0, seconds: 0.0))
    for part in 1...Self.lengths {
      let length = tokens * part / Self.lengths
      let seconds = try pass(text, length: length)
      total += Double(length - before.length) * (seconds + before.seconds) / 2
      before = (length, seconds)
    }
    return Result(generation: writing, beginnings: total)
  }

  /// Seconds of a forward pass through so many tokens.
  private func pass(_ text: TextModel, length: Int) throws -> Double {
    var graph = Graph()
    let steps = text.graph.inputs[text.stepped].shape
    for input in text.graph.inputs {
      graph.add(Graph.Input(input.name, input.shape == steps ? [length] : input.shape))
    }
    for node in text.graph.nodes { graph.add(copyOf: node, node.layer, inputs: node.inputs) }
    let plan = try Plan.compile(graph, batch: 1, fetched: [text.prediction])
    let store = try ParameterStore<Float>(for: [plan])
    try model.restore(store)
    let context = StepContext(
      pool: WorkerPool(threads: threads), seed: model.experiment.seed)
    let session = Session(
      plan, store: store, arena: Arena(count: plan.arenaCount), context: context)
    return withExtendedLifetime(store) {
      best {
        session.value(.input(text.stepped))?.fill(0)
        session.clearCarried()
        session.forward()
      }
    }
  }

  /// Seconds of the fastest of three runs.
  private func best(_ body: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<3 {
      let start = ContinuousClock.now
      try body()
      least = min(least, (ContinuousClock.now - start) / .seconds(1))
    }
    return least
  }
}
