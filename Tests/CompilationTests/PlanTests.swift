import Compilation
import GraphIR
import Settings
import TensorCore
import Testing

/// Builds graphs of toy layers tersely.
struct GraphBuilder {
  var graph = Graph()

  mutating func input(_ name: String, _ shape: Shape) -> Graph.Source {
    graph.add(Graph.Input(name, shape))
  }

  mutating func callAsFunction(
    _ name: String, _ layer: any Layer, _ inputs: Graph.Source..., sharing path: String? = nil
  ) -> Graph.Source {
    graph.add(
      Graph.Node(name, layer, inputs: inputs, parameterPath: path ?? name, path: "layers.\(name)"))
  }
}

@Suite struct PlanTests {
  @Test func aChainIsPlannedAsWritten() throws {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let scaled = build("scale", ToyScale(), x)
    let sigmoid = build("sigmoid", ToySigmoid(), scaled)
    let flat = build("flat", ToyReshape(), sigmoid)
    let mean = build("mean", ToyMean(), flat)
    let plan = try Plan.compile(build.graph, batch: 2, losses: [mean])
    #expect(
      plan.text == """
        batch 2, 8 steps, arena 80 scalars, 3 parameters
        0 forward scale (toy_scale): x@0 -> scale@16
        1 forward sigmoid (toy_sigmoid): scale@16 -> sigmoid@16
        2 forward flat (toy_reshape): sigmoid@16 -> flat@16
        3 forward mean (toy_mean): flat@16 -> mean@32
        4 backward mean (toy_mean): gradient of mean@48 -> gradient of flat@64
        5 backward flat (toy_reshape): gradient of flat@64 -> gradient of sigmoid@64
        6 backward sigmoid (toy_sigmoid): gradient of sigmoid@64, sigmoid@16 -> gradient of scale@64
        7 backward scale (toy_scale): gradient of scale@64, x@0 -> gradient of scale/weight

        """)
  }

  /// The gradient of what only the loss reads lies where that lay; not so where somebody reads it later.
  @Test func aGradientOverwritesWhatNobodyReads() throws {
    for isReadLater in [false, true] {
      var build = GraphBuilder()
      let x = build.input("x", [3])
      let scaled = build("scale", ToyScale(), x)
      let loss = build(
        "loss", ToyEnergy(), isReadLater ? build("sigmoid", ToySigmoid(), scaled) : scaled)
      let plan = try Plan.compile(build.graph, batch: 2, losses: [loss])
      let step = try #require(plan.steps.first { $0.direction == .backward })
      let gradient = try #require(step.inputGradients[0])
      let isOver = plan.buffers[gradient.index].offset == plan.buffers[step.inputs[0]].offset
      #expect(isOver != isReadLater)
    }
  }

  @Test func gradientsStopAtWhatNobodyTrains() throws {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let first = build("first", ToyScale(), x)
    let second = build("second", ToyScale(), first)
    let mean = build("mean", ToyMean(), second)
    _ = build("unused", ToyScale(), second)
    let plan = try Plan.compile(
      build.graph, batch: 2, losses: [mean], isTrained: { $0.hasPrefix("second/") })
    let backward = plan.steps.filter { $0.direction == .backward }
    #expect(backward.map { plan.shaped.graph.nodes[$0.node].name } == ["mean", "second"])
    #expect(backward[1].inputGradients[0] == nil)
    #expect(!plan.parameters.contains { $0.name.hasPrefix("unused") })
    let frozen = try Plan.compile(build.graph, batch: 2, losses: [mean], isTrained: { _ in false })
    #expect(frozen.steps.allSatisfy { $0.direction == .forward })
  }

  @Test func misfitsNameTheLayerItsPlaceAndBothShapes() {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let y = build.input("y", [4])
    let sum = build("sum", ToySumAndDifference(), x, y)
    _ = build("after", ToyScale(), sum)
    let problems = #expect(throws: Problems.self) {
      try Plan.compile(build.graph, batch: 2, fetched: [sum])
    }
    #expect(
      problems?.description == """
        layers.sum: layer "sum" (toy_sum) expects two inputs of one shape, got [2, 3], [2, 4]
        """)
  }

  @Test func onlyANumberCanBeMinimized() {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let scaled = build("scale", ToyScale(), x)
    #expect(throws: Problems.self) { try Plan.compile(build.graph, batch: 2, losses: [scaled]) }
  }

  @Test func sharedParametersMustAgree() {
    var build = GraphBuilder()
    let one = build("one", ToyScale(), build.input("x", [3]), sharing: "shared")
    let other = build("other", ToyScale(), build.input("y", [4]), sharing: "shared")
    #expect(throws: Problems.self) {
      try Plan.compile(build.graph, batch: 2, fetched: [one, other])
    }
  }

  /// A value may be read by a later phase until a parameter behind it is trained.
  @Test func whatHasChangedIsNotReadAsItWas() throws {
    var build = GraphBuilder()
    let made = build("maker", ToyScale(), build.input("x", [3]))
    let scored = build("critic", ToyScale(), made)
    let losses = [build("one", ToyMean(), scored), build("two", ToyMean(), scored)]
    func compile(_ trained: String...) throws -> Plan {
      try Plan.compile(
        build.graph, batch: 2,
        goals: zip(losses, trained).map { loss, name in
          Plan.Goal(losses: [loss]) { $0.hasPrefix(name) }
        })
    }
    let plan = try compile("nothing", "maker")
    #expect(plan.phases.map(\.forward.count) == [3, 1])
    #expect(plan.phases.map(\.inputs) == [[0], []])
    let error = #expect(throws: Problems.self) { try compile("critic", "maker") }
    #expect(
      error?.list.first?.message
        == "\"two\" follows from \"critic\", which was computed before critic/weight was trained; "
        + "compute it again from its inputs")
    #expect(error?.list.first?.path == "layers.two")
  }

  @Test func aSharedParameterGetsTheSumOfItsGradients() throws {
    var build = GraphBuilder()
    let x = build.input("x", [1])
    let one = build("one", ToyScale(), x, sharing: "w")
    let two = build("two", ToyScale(), one, sharing: "w")
    let mean = build("mean", ToyMean(), two)
    let run = try ToyRun(build.graph, batch: 1, losses: [mean])
    let weight = run.store.values.base[0]
    run.session.value(x)?.fill(3)
    run.step()
    #expect(run.session.value(mean)?[0] == 3 * weight * weight)
    #expect(abs(run.store.gradients.base[0] - 6 * weight) < 1e-12)
    // A second part of a batch adds to what the first left.
    run.session.backward(weights: [1], accumulating: true)
    #expect(abs(run.store.gradients.base[0] - 12 * weight) < 1e-12)
  }
}

/// A plan with memory of its own, in `Double`.
struct ToyRun {
  let session: Session<Double>
  let store: ParameterStore<Double>

  init(_ graph: Graph, batch: Int, losses: [Graph.Source], fetched: [Graph.Source] = []) throws {
    try self.init(graph, batch: batch, goals: [Plan.Goal(losses: losses)], fetched: fetched)
  }

  init(
    _ graph: Graph, batch: Int, goals: [Plan.Goal], fetched: [Graph.Source] = []
  ) throws {
    let plan = try Plan.compile(graph, batch: batch, goals: goals, fetched: fetched)
    store = try ParameterStore(for: [plan])
    store.initialize(seed: 1)
    let context = StepContext(pool: WorkerPool(threads: 1), seed: 1)
    let arena = Arena<Double>(count: plan.arenaCount)
    arena.view(at: 0, [plan.arenaCount]).fill(.nan)
    session = Session(plan, store: store, arena: arena, context: context)
  }

  func step() {
    for (number, phase) in session.plan.phases.enumerated() {
      session.forward(phase: number)
      session.backward(phase: number, weights: phase.seeds.map { _ in 1 })
    }
  }
}
