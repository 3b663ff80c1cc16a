import Compilation
import GraphIR
import Settings
import TensorCore
import Testing

@Suite struct MemoryDemandTests {
  private func plan(batch: Int) throws -> Plan {
    var build = GraphBuilder()
    let x = build.input("x", [3])
    let scaled = build("scale", ToyScale(), x)
    let bent = build("bend", ToySigmoid(), scaled)
    let mean = build("mean", ToyMean(), bent)
    return try Plan.compile(build.graph, batch: batch, losses: [mean])
  }

  /// Parameters are of all plans together, the arena is that of the largest.
  @Test func countsWhatIsReserved() throws {
    let plans = [try plan(batch: 2), try plan(batch: 100)]
    let demand = MemoryDemand(of: plans, optimizer: 7, as: Double.self)
    let store = try ParameterStore<Double>(for: plans)
    #expect(demand.gradients == store.gradients.count * 8)
    #expect(demand.weights == (store.values.count + store.stateValues.count) * 8)
    #expect(demand.activations == plans[1].arenaCount * 8)
    #expect(demand.total == demand.weights + demand.gradients + demand.activations + 7)
  }

  @Test func whatDoesNotFitIsRefusedWithItsLayers() throws {
    let demand = MemoryDemand(of: [try plan(batch: 100)], optimizer: 1 << 20, as: Float.self)
    try demand.check(against: nil)
    try demand.check(against: AvailableMemory(bytes: demand.total, bound: .machine))
    let scarce = AvailableMemory(bytes: demand.total - 1, bound: .controlGroup)
    let error = #expect(throws: Problems.self) { try demand.check(against: scarce) }
    let message = error?.description ?? ""
    #expect(message.contains("\(ByteCount(demand.total)) of memory (weights"))
    #expect(message.contains("optimizer 1.0 MiB"))
    #expect(message.contains("are left in this control group; the largest layers: \""))
    #expect(
      message.contains("\"scale\" (toy_scale) ") && message.contains("\"bend\" (toy_sigmoid) "))
  }
}
