import Compilation
import Datasets
import GraphIR
import Settings
import TensorCore
import Testing

@testable import Training

/// Writing step by step is choosing by what the whole graph says of the context.
@Suite struct TextGenerationTests {
  /// A model of six letters with a context of so many, whose random weights say something else at every place.
  private func model(context: Int, in folder: TemporaryFolder) throws -> TrainedModel {
    try folder.write("text.txt", String(repeating: "abcdef", count: 20))
    let normal = #""embeddings_initializer": {"type": "random_normal", "stddev": 1}"#
    let trainer = try makeTrainer(
      """
      {"name": "letters", "seed": 3,
       "data": {"train": {"type": "text", "path": "text.txt", "length": \(context)}},
       "model": {"inputs": {"tokens": [\(context)]}, "layers": [
         {"type": "embedding", "input_dim": 6, "output_dim": 8, \(normal)},
         {"type": "position_embedding", \(normal)},
         {"type": "transformer_encoder", "num_heads": 2, "intermediate_dim": 16, "use_causal_mask": true},
         {"type": "dense", "name": "logits", "units": 6}]},
       "training": {"steps": 0, "batch_size": 2,
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"},
         "optimizer": "sgd"}}
      """, in: folder, saving: true)
    try trainer.run()
    let checkpoint = try Checkpoint(RunFolder.checkpoint(at: folder.path + "/run"))
    return try TrainedModel(checkpoint, experiment: try Experiment(checkpoint.document))
  }

  /// What is likeliest at each step where the whole context is computed again.
  private func likeliest(
    _ model: TrainedModel, after prompt: [Int], count: Int, context: Int
  ) throws -> [Int] {
    let text = try model.textModel()
    let plan = try Plan.compile(text.graph, batch: 1, fetched: [text.prediction])
    let store = try ParameterStore<Float>(for: [plan])
    try model.restore(store)
    let session = Session(
      plan, store: store, arena: Arena(count: plan.arenaCount),
      context: StepContext(pool: WorkerPool(threads: 1), seed: 0))
    var (seen, written) = (Array(prompt.suffix(context)), [Int]())
    for _ in 0..<count {
      let input = try #require(session.value(.input(text.stepped)))
      for index in 0..<context { input[index] = index < seen.count ? Float(seen[index]) : 0 }
      session.forward()
      let scores = try #require(session.value(text.prediction)).elements
        .dropFirst((seen.count - 1) * 6).prefix(6)
      let best = try #require(scores.indices.max { scores[$0] < scores[$1] }) - scores.startIndex
      written.append(best)
      seen.append(best)
      if seen.count > context { seen = Array(seen.suffix(max(1, context / 2))) }
    }
    return withExtendedLifetime(store) { written }
  }

  @Test(arguments: [1, 2, 7, 12]) func aTextGoesBeyondTheContext(context: Int) throws {
    let folder = try TemporaryFolder()
    let model = try model(context: context, in: folder)
    let tokenizer = try model.textModel().tokenizer
    for length in Set([1, max(1, context - 1), context, context + 1, 3 * context]).sorted() {
      let prompt = (0..<length).map { $0 * $0 % 6 }
      let wanted = tokenizer.decode(
        try likeliest(model, after: prompt, count: 30, context: context))
      for beams in [nil, 1] {
        var request = TextGeneration.Request()
        (request.count, request.beams, request.sampler.temperature) = (30, beams, 0)
        var written = ""
        try TextGeneration(model, request, threads: 1).write(tokenizer.decode(prompt)) {
          written += $0
        }
        #expect(written == wanted, "\(length) tokens before, beams \(beams ?? 0)")
      }
    }
  }

  @Test(arguments: [
    (nil, false, [1, 2, 0, 0], [1, 2, 3, 4]), (nil, true, [1, 2, 0, 0], [4, 5, 6, 7]),
    (9, false, [9, 1, 2, 0], [9, 1, 2, 3]), (9, true, [9, 1, 2, 0], [9, 5, 6, 7]),
  ])
  func aTextToAnswerIsCutAsTheReaderCuts(start: Int?, keepsEnd: Bool, short: [Int], long: [Int]) {
    let source = TextModel.Source(
      input: 0, tokenizer: WordTokenizer(), length: 4, start: start, keepsEnd: keepsEnd)
    #expect(source.row(of: [1, 2]) == short)
    #expect(source.row(of: [1, 2, 3, 4, 5, 6, 7]) == long)
  }
}
