import Compilation
import GraphIR
import Layers
import TensorCore
import Testing
import Training

/// Gradients of tables of which a step moves single rows.
@Suite struct RowGradientTests {
  /// Tokens looked up in one table by one layer or two, and a loss.
  private func plan(lookUps: Int) throws -> Plan {
    var graph = Graph()
    let tokens = graph.add(Graph.Input("tokens", [3]))
    let target = graph.add(Graph.Input("target", [6]))
    var losses: [Graph.Source] = []
    for number in 0..<lookUps {
      let found = graph.add(
        Graph.Node(
          "look_up_\(number)", Embedding(inputDimension: 9, outputDimension: 2), inputs: [tokens],
          parameterPath: "table"))
      let flat = graph.add(
        Graph.Node("flat_\(number)", Flatten(), inputs: [found], parameterPath: "flat_\(number)"))
      losses.append(
        graph.add(
          Graph.Node(
            "loss_\(number)", MeanSquaredError(), inputs: [flat, target],
            parameterPath: "loss_\(number)")))
    }
    return try Plan.compile(graph, batch: 1, losses: losses)
  }

  /// The gradient after steps on tokens, one list after the other, and the rows that it says it moved.
  private func gradient(_ steps: [[Float]], lookUps: Int) throws -> (values: [Float], rows: [Int]) {
    let plan = try plan(lookUps: lookUps)
    let store = try ParameterStore<Float>(for: [plan])
    store.initialize(seed: 2)
    let context = StepContext(pool: WorkerPool(threads: 2), seed: 1)
    context.isTraining = true
    let session = Session(
      plan, store: store, arena: Arena(count: plan.arenaCount), context: context)
    let tokens = try #require(session.value(.input(0)))
    for step in steps {
      for (index, token) in step.enumerated() { tokens[index] = token }
      session.forward()
      session.backward(weights: [Float](repeating: 1, count: lookUps))
    }
    let entry = try #require(store.parameters.first)
    let rows = try #require(entry.gradientRows)
    return (entry.range.map { store.gradients.base[$0] }, (0..<9).filter(rows.contains))
  }

  @Test(arguments: [1, 2]) func aStepLeavesNothingOfTheOneBefore(lookUps: Int) throws {
    let once = try gradient([[3, 4, 3]], lookUps: lookUps)
    let again = try gradient([[0, 8, 4], [7, 7, 7], [3, 4, 3]], lookUps: lookUps)
    #expect(once.values == again.values)
    #expect(once.rows == [3, 4] && again.rows == [3, 4])
    #expect((0..<18).allSatisfy { (once.values[$0] != 0) == [3, 4].contains($0 / 2) })
  }

  @Test func aTableThatIsAHeadTooHasWholeGradients() throws {
    var graph = Graph()
    let tokens = graph.add(Graph.Input("tokens", [3]))
    let target = graph.add(Graph.Input("target", [3]))
    let found = graph.add(
      Graph.Node(
        "look_up", Embedding(inputDimension: 9, outputDimension: 2), inputs: [tokens],
        parameterPath: "table"))
    var tied = TiedDense()
    tied.units = 9
    let logits = graph.add(Graph.Node("head", tied, inputs: [found], parameterPath: "table"))
    let loss = graph.add(
      Graph.Node(
        "loss", SoftmaxCrossEntropy(), inputs: [logits, target], parameterPath: "loss"))
    let store = try ParameterStore<Float>(
      for: [try Plan.compile(graph, batch: 1, losses: [loss])])
    let table = try #require(store.parameters.first { $0.name == "table/embeddings" })
    #expect(table.gradientRows == nil)
  }

  /// w -= η 2 λ w in every step for a row that no token looks up.
  @Test func penaltiesMoveTheRowsThatNobodyLooksUp() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(
      """
      {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["side"],
                          "features_field": "token", "label": "side"}},
       "model": {"inputs": {"token": [1]}, "layers": [
         {"type": "embedding", "name": "table", "input_dim": 5, "output_dim": 3}, {"type": "flatten"},
         {"type": "dense", "name": "head", "units": 2}]},
       "training": {"batch_size": 8, "epochs": 1,
         "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
         "regularization": {"l2": 0.25, "parameters": ["*"]}, "optimizer": {"type": "sgd", "learning_rate": 0.125}}}
      """, in: folder, rows: 32)
    let before = try #require(trainer.snapshot["table/embeddings"])
    try trainer.run()
    let after = try #require(trainer.snapshot["table/embeddings"])
    let kept: Float = 1 - 2 * 0.25 * 0.125
    for index in 2 * 3..<5 * 3 {
      let expected = (0..<4).reduce(before[index]) { value, _ in value * kept }
      #expect(abs(after[index] - expected) <= 1e-6 * abs(expected))
    }
    #expect(trainer.engine.store.parameter("table/embeddings")?.gradientRows != nil)
  }
}
