import Compilation
import GraphIR
import TensorCore
import Testing

@Suite struct FusingTests {
  /// A product, a reshape and a product: the reshape goes first, and the products become one.
  @Test func layersBecomeOneOrChangePlaces() throws {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let doubled = build("double", ToyTimes(2), x)
    let flat = build("flat", ToyReshape(), doubled)
    let tripled = build("triple", ToyTimes(3), flat)
    let mean = build("mean", ToyMean(), tripled)
    let plan = try Plan.compile(build.graph, batch: 2, fetched: [mean])
    #expect(
      plan.text == """
        batch 2, 3 steps, arena 32 scalars, 0 parameters
        0 forward flat (toy_reshape): x@0 -> flat@0
        1 forward double+triple (toy_times): flat@0 -> double+triple@16
        2 forward mean (toy_mean): double+triple@16 -> mean@0

        """)
  }

  /// What somebody wants to see, or another layer reads, is computed as the graph says.
  @Test func whatIsWantedStays() throws {
    for isFetched in [false, true] {
      var build = GraphBuilder()
      let x = build.input("x", [3])
      let doubled = build("double", ToyTimes(2), x)
      let sextupled = build("triple", ToyTimes(3), doubled)
      let sum = build("sum", ToySumAndDifference(), sextupled, isFetched ? x : doubled)
      let mean = build("mean", ToyMean(), sum)
      let run = try ToyRun(
        build.graph, batch: 1, losses: [mean],
        fetched: isFetched ? [doubled, sum] : [sum])
      for i in 0..<3 { run.session.value(x)?[i] = Double(i + 1) }
      run.session.forward()
      let types = run.session.plan.steps.map {
        type(of: run.session.plan.shaped.graph.nodes[$0.node].layer).type
      }
      #expect(types.count { $0 == ToyTimes.type } == 2)
      #expect(run.session.value(sum)?.elements == (isFetched ? [7, 14, 21] : [8, 16, 24]))
      if isFetched { #expect(run.session.value(doubled)?.elements == [2, 4, 6]) }
    }
  }

  /// A layer that nobody needs reads nothing: what only it reads beside one other layer may become one with that.
  @Test func whatNobodyNeedsDoesNotCount() throws {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let doubled = build("double", ToyTimes(2), x)
    _ = build("idle", ToyScale(), doubled)
    let tripled = build("triple", ToyTimes(3), doubled)
    let plan = try Plan.compile(build.graph, batch: 2, fetched: [tripled])
    #expect(plan.steps.count == 1)
  }

  /// The parameters of the first layer keep their names and get their gradients.
  @Test func parametersStayWhereTheyWere() throws {
    for isFetched in [false, true] {
      var build = GraphBuilder()
      let x = build.input("x", [2])
      let scaled = build("scale", ToyScale(), x, sharing: "front/scale")
      let doubled = build("double", ToyTimes(2), scaled)
      let tripled = build("triple", ToyTimes(3), doubled)
      let mean = build("mean", ToyMean(), tripled)
      let run = try ToyRun(
        build.graph, batch: 1, losses: [mean], fetched: isFetched ? [doubled] : [])
      for i in 0..<2 { run.session.value(x)?[i] = Double(i + 1) }
      run.step()
      let weight = try #require(run.store.parameter("front/scale/weight"))
      #expect(run.store.gradients.base[weight.offset] == 3)
      #expect(run.store.gradients.base[weight.offset + 1] == 6)
    }
  }
}
