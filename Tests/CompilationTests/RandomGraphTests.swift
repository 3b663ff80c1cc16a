import Compilation
import GraphIR
import TensorCore
import Testing

/// Random programs: whatever shares memory, the gradients are those of finite differences.
@Suite struct RandomGraphTests {
  @Test(arguments: 0..<60)
  func gradientsAreRightWhateverSharesMemory(seed: Int) throws {
    var (build, values) = Self.program(seed)
    let x = values[0]
    let random = RandomStream(seed: UInt64(seed), name: "graph")
    let scaled = build("last", ToyScale(), values[values.count - 1])
    let losses = [build("mean", ToyMean(), scaled), build("other", ToyMean(), values[2])]
    let run = try ToyRun(build.graph, batch: 3, losses: losses, fetched: [values[3]])
    func fed() {
      guard let input = run.session.value(x) else { return }
      for i in 0..<input.count { input[i] = 1 + random.uniform(1_000 + i) }
    }
    func loss() -> Double {
      fed()
      run.session.forward()
      return losses.reduce(0) { $0 + (run.session.value($1)?[0] ?? .nan) }
    }
    fed()
    run.step()
    for entry in run.store.parameters {
      for index in entry.range {
        let value = run.store.values.base[index]
        let gradient = run.store.gradients.base[index]
        func at(_ shift: Double) -> Double {
          run.store.values.base[index] = value + shift
          defer { run.store.values.base[index] = value }
          return loss()
        }
        let h = 1e-4
        let expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        #expect(
          abs(gradient - expected) <= 1e-6 * max(1, abs(expected)),
          "\(entry.name): \(gradient) for \(expected)")
      }
    }
  }

  /// What an earlier phase computed serves a later one, whatever shares memory: the gradients are those of a plan that
  /// computes everything for itself.
  @Test(arguments: 0..<60)
  func aLaterPhaseReadsWhatAnEarlierOneComputed(seed: Int) throws {
    var (build, values) = Self.program(seed)
    let random = RandomStream(seed: UInt64(seed), name: "input")
    let first = build("first", ToyMean(), build("last", ToyScale(), values[values.count - 1]))
    let other = build("head", ToyScale(), values[values.count - 1])
    let second = [build("second", ToyMean(), other), build("early", ToyMean(), values[2])]
    func isOther(_ name: String) -> Bool { !name.hasPrefix("last") }
    let together = try ToyRun(
      build.graph, batch: 3,
      goals: [
        Plan.Goal(losses: [first]) { $0.hasPrefix("last") },
        Plan.Goal(losses: second, isTrained: isOther),
      ])
    let alone = try ToyRun(
      build.graph, batch: 3, goals: [Plan.Goal(losses: second, isTrained: isOther)])
    for run in [together, alone] {
      guard let input = run.session.value(values[0]) else { continue }
      for i in 0..<input.count { input[i] = 1 + random.uniform(i) }
      run.step()
    }
    let steps = together.session.plan.steps.filter { $0.direction == .forward }
    #expect(Set(steps.map(\.node)).count == steps.count, "nothing runs forward twice")
    for source in second {
      #expect(together.session.value(source)?[0] == alone.session.value(source)?[0])
    }
    for entry in alone.store.parameters {
      let twin = try #require(together.store.parameter(entry.name))
      for index in 0..<entry.range.count {
        #expect(
          together.store.gradients.base[twin.offset + index]
            == alone.store.gradients.base[entry.offset + index], "\(entry.name)")
      }
    }
  }

  /// A random program and all its values, the input first.
  private static func program(_ seed: Int) -> (GraphBuilder, [Graph.Source]) {
    let random = RandomStream(seed: UInt64(seed), name: "graph")
    var build = GraphBuilder()
    let x = build.input("x", [2])
    var values = [x]
    for number in 0..<8 {
      func pick(_ draw: Int) -> Graph.Source {
        // Late values are likelier, so that chains as well as branches come up.
        values[values.count - 1 - random.integer(number * 8 + draw, below: min(3, values.count))]
      }
      let name = "n\(number)"
      let node: Graph.Source
      switch random.integer(number * 8, below: 7) {
      case 0: node = build(name, ToyScale(), pick(1))
      case 1: node = build(name, ToySigmoid(), pick(1))
      case 2: node = build(name, ToyReshape(), pick(1))
      case 3: node = build(name, ToySumAndDifference(), pick(1), pick(2))
      case 4, 5: node = build(name, ToyTimes(number % 2 == 0 ? 1.5 : -0.75), pick(1))
      default: node = build(name, ToyScale(), pick(1), sharing: "shared")
      }
      values.append(node)
      if case .node(let index, _) = node, build.graph.nodes[index].layer is ToySumAndDifference,
        random.integer(number * 8 + 3, below: 2) == 0
      {
        values.append(build("d\(number)", ToyScale(), .node(index, output: 1)))
      }
    }
    return (build, values)
  }
}
