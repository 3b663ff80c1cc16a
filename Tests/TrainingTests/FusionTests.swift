import Compilation
import GraphIR
import Layers
import TensorCore
import Testing

/// Fused layers against the layers that they stand for, bit by bit.
@Suite struct FusionTests {
  /// A graph of layers one after the other, and a loss.
  private struct Chain {
    var graph = Graph()
    var values: [Graph.Source] = []

    init(_ input: Shape, _ layers: [any Layer]) {
      values = [graph.add(Graph.Input("x", input))]
      for (number, layer) in (layers + [Flatten(), MeanSquaredError()]).enumerated() {
        let isLoss = layer is MeanSquaredError
        let target: [Graph.Source] = isLoss ? [graph.add(Graph.Input("target", [length]))] : []
        values.append(
          graph.add(
            Graph.Node(
              "n\(number)", layer, inputs: [values[values.count - 1]] + target,
              parameterPath: "n\(number)")))
      }
    }

    /// How many numbers a row has after the last layer.
    private var length: Int {
      let shaped = try? ShapedGraph(graph, batch: 1)
      return shaped?.shape(of: values[values.count - 1]).count ?? 0
    }
  }

  private struct Numbers: Equatable {
    var output: [Float]
    var loss: [Float]
    var gradients: [String: [Float]]
    var states: [String: [Float]]
    var steps: Int
  }

  private func run(_ chain: Chain, isFused: Bool, threads: Int) throws -> Numbers {
    let (loss, last) = (chain.values[chain.values.count - 1], chain.values[chain.values.count - 2])
    // What is fetched is computed as the graph says.
    let plan = try Plan.compile(
      chain.graph, batch: 3, losses: [loss],
      fetched: isFused ? [last] : Array(chain.values.dropFirst()))
    let store = try ParameterStore<Float>(for: [plan])
    store.initialize(seed: 3)
    let context = StepContext(pool: WorkerPool(threads: threads), seed: 1)
    context.isTraining = true
    let arena = Arena<Float>(count: plan.arenaCount)
    arena.view(at: 0, [plan.arenaCount]).fill(.nan)
    let session = Session(plan, store: store, arena: arena, context: context)
    for (number, input) in plan.shaped.graph.inputs.indices.enumerated() {
      guard let view = session.value(.input(input)) else { continue }
      let random = RandomStream(seed: 5, name: "input \(number)")
      for i in 0..<view.count { view[i] = Float(random.normal(i)) }
    }
    session.forward(phase: 0)
    session.backward(phase: 0, weights: [1])
    func named(_ entries: [ParameterStore<Float>.Entry], _ base: UnsafeMutablePointer<Float>)
      -> [String: [Float]]
    {
      Dictionary(
        uniqueKeysWithValues: entries.map { entry in (entry.name, entry.range.map { base[$0] }) })
    }
    return Numbers(
      output: session.value(last)?.elements ?? [], loss: session.value(loss)?.elements ?? [],
      gradients: named(store.parameters, store.gradients.base),
      states: named(store.states, store.stateValues.base), steps: plan.steps.count)
  }

  private static func leaky() -> LeakyReLU {
    var layer = LeakyReLU()
    layer.negativeSlope = 0.1
    return layer
  }

  private static func convolution(_ filters: Int) -> Conv2D {
    var layer = Conv2D()
    (layer.filters, layer.kernelSize) = (filters, Pair(3))
    return layer
  }

  /// Chains, and how many steps of the plan fusing saves.
  static let chains: [(Shape, [any Layer], Int)] = [
    // A normalisation pools; several blocks of rows in several chunks; odd sides; few channels.
    ([34, 34, 3], [convolution(32), BatchNormalization(), MaxPooling2D()], 2),
    ([67, 41, 3], [convolution(16), BatchNormalization(), MaxPooling2D()], 2),
    ([9, 13, 3], [convolution(21), BatchNormalization(), ReLU(), MaxPooling2D()], 2),
    ([44, 40, 3], [convolution(64), BatchNormalization(), leaky(), MaxPooling2D()], 2),
    // Functions and maxima change places, over any windows.
    ([30, 30, 3], [convolution(16), ReLU(), MaxPooling2D()], 0),
    (
      [11, 12, 2],
      [
        convolution(5), ReLU(),
        MaxPooling2D(poolSize: Pair(3, 2), strides: Pair(2, 1), padding: .same),
      ], 0
    ),
    // Other windows stay as they are.
    ([12, 12, 2], [convolution(8), BatchNormalization(), MaxPooling2D(poolSize: Pair(3))], 0),
  ]

  @Test(arguments: chains.indices, [1, 3])
  func fusedLayersGiveTheSameBits(_ index: Int, threads: Int) throws {
    let (input, layers, saved) = Self.chains[index]
    let chain = Chain(input, layers)
    let plain = try run(chain, isFused: false, threads: 1)
    var fused = try run(chain, isFused: true, threads: threads)
    #expect(plain.steps - fused.steps == saved)
    fused.steps = plain.steps
    #expect(fused == plain)
    #expect(plain.loss[0].isFinite && plain.gradients["n0/kernel"]?.contains { $0 != 0 } == true)
  }
}
