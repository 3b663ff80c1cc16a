import GraphIR
import Settings
import TensorCore

extension Plan {
  /// The steps in order, phase after phase: forward as the graph lists its nodes, backward the other way round.
  static func schedule(
    _ shaped: ShapedGraph, _ goals: [Goal], fetched: [Graph.Source]
  ) throws(Problems) -> Plan {
    var scheduler = Scheduler(shaped)
    for (number, goal) in goals.enumerated() {
      try scheduler.addPhase(goal, fetched: number == 0 ? fetched : [])
    }
    let end = scheduler.plan.steps.count
    for source in fetched + goals.flatMap(\.losses) {
      guard let buffer = scheduler.plan.values[source] else { continue }
      scheduler.use(buffer, at: end)
    }
    return scheduler.plan
  }
}

private struct Scheduler {
  var plan: Plan
  private var numbers: [String: Int] = [:]
  private var stateNumbers: [String: Int] = [:]
  private var savedBuffers: [Int: [Int]] = [:]
  private var gradientBuffers: [Graph.Source: Int] = [:]
  private var writtenParameters: Set<Int> = []
  /// The phase in which each node ran forward.
  private var phases: [Int: Int] = [:]
  /// The last phase that gave a parameter a gradient, after which it is another.
  private var changes: [Int: Int] = [:]

  init(_ shaped: ShapedGraph) { plan = Plan(shaped) }

  private var now: Int { plan.steps.count }

  private func node(_ index: Int) -> Graph.Node { plan.shaped.graph.nodes[index] }

  private mutating func addBuffer(_ label: String, _ shape: Shape) -> Int {
    let number = plan.buffers.count
    plan.buffers.append(
      Plan.Buffer(label: label, shape: shape, lifetime: now...now, storage: number))
    return number
  }

  /// Lets a buffer live until a step.
  mutating func use(_ buffer: Int, at step: Int) {
    let lifetime = plan.buffers[buffer].lifetime
    plan.buffers[buffer].lifetime = lifetime.lowerBound...max(lifetime.upperBound, step)
  }

  /// The steps of one goal; what an earlier phase computed is there.
  mutating func addPhase(_ goal: Plan.Goal, fetched: [Graph.Source]) throws(Problems) {
    let graph = plan.shaped.graph
    let wanted = goal.losses + fetched
    let needed = neededNodes(of: graph, for: wanted)
    let gradients = Differentiation(
      plan.shaped, needed: needed, losses: goal.losses, isTrained: goal.isTrained)
    for index in graph.nodes.indices where needed[index] { try checkReuse(of: index, for: wanted) }
    let computed = graph.nodes.indices.filter { needed[$0] && phases[$0] == nil }
    let read = Set(computed.flatMap { graph.nodes[$0].inputs } + wanted)
    var phase = Plan.Phase(forward: now..<now, backward: now..<now, inputs: [], seeds: [])
    for index in graph.inputs.indices where read.contains(.input(index)) {
      if plan.values[.input(index)] == nil { addValue(.input(index)) }
      phase.inputs.append(index)
    }
    for index in computed {
      phases[index] = plan.phases.count
      try addForward(index)
    }
    phase.forward = phase.forward.lowerBound..<now
    (gradientBuffers, writtenParameters) = ([:], [])
    if !gradients.values.isEmpty {
      phase.seeds = goal.losses.map { loss in
        gradients.values.contains(loss) ? addSeed(loss) : nil
      }
      for index in graph.nodes.indices.reversed() where gradients.runsBackward[index] {
        addBackward(index, gradients, goal.isTrained)
      }
    }
    phase.backward = phase.forward.upperBound..<now
    for parameter in writtenParameters { changes[parameter] = plan.phases.count }
    plan.phases.append(phase)
  }

  /// Checks that a value of an earlier phase still is what its layer would compute.
  private func checkReuse(of index: Int, for wanted: [Graph.Source]) throws(Problems) {
    guard let phase = phases[index],
      let step = plan.steps.first(where: { $0.node == index }),
      let parameter = step.parameters.first(where: { changes[$0, default: -1] >= phase })
    else { return }
    let reader = wanted.lazy.compactMap { source in
      if case .node(let node, _) = source { self.node(node) } else { nil }
    }.first
    throw Problems(
      Problem(
        "\"\(reader?.name ?? "")\" follows from \"\(node(index).name)\", which was computed before "
          + "\(plan.parameters[parameter].name) was trained; compute it again from its inputs",
        path: reader?.path ?? "", at: reader?.place))
  }

  private mutating func addValue(_ source: Graph.Source) {
    let label =
      switch source {
      case .input(let index): plan.shaped.graph.inputs[index].name
      case .node(let index, 0): node(index).name
      case .node(let index, let output): "\(node(index).name):\(output)"
      }
    plan.values[source] = addBuffer(label, plan.shaped.shape(of: source))
  }

  private mutating func addForward(_ index: Int) throws(Problems) {
    let node = node(index)
    let signature = plan.shaped.signatures[index]
    var step = Plan.Step(direction: .forward, node: index)
    for source in node.inputs {
      // Inputs come before what reads them and needed nodes need theirs, so each has a buffer.
      guard let buffer = plan.values[source] else { preconditionFailure("an input without buffer") }
      use(buffer, at: now)
      step.inputs.append(buffer)
    }
    for output in signature.outputs.indices {
      addValue(.node(index, output: output))
      step.outputs.append(plan.buffers.count - 1)
    }
    for (number, shape) in signature.saved.enumerated() {
      step.saved.append(addBuffer("\(node.name) saved \(number)", shape))
    }
    savedBuffers[index] = step.saved
    step.scratch = addScratch(signature.forwardScratch, of: node)
    for parameter in signature.parameters {
      step.parameters.append(
        try number(of: parameter, node, in: \.parameters, among: \.numbers))
    }
    for state in signature.states {
      step.states.append(try number(of: state, node, in: \.states, among: \.stateNumbers))
    }
    for (number, shape) in signature.carried.enumerated() {
      let offset = plan.carriedCount
      step.carried.append(plan.carried.count)
      plan.carried.append(
        Plan.Carried(name: "\(node.name)/\(number)", shape: shape, offset: offset))
    }
    plan.steps.append(step)
  }

  private mutating func addScratch(_ shapes: [Shape], of node: Graph.Node) -> [Int] {
    shapes.enumerated().map { addBuffer("\(node.name) scratch \($0)", $1) }
  }

  /// The number of a parameter, which nodes of one parameter path share.
  private mutating func number(
    of specification: ParameterSpec, _ node: Graph.Node,
    in list: WritableKeyPath<Plan, [Plan.Tensor]>,
    among numbers: WritableKeyPath<Scheduler, [String: Int]>
  ) throws(Problems) -> Int {
    let name = node.parameterName(specification)
    guard let number = self[keyPath: numbers][name] else {
      plan[keyPath: list].append(Plan.Tensor(name: name, specification: specification))
      self[keyPath: numbers][name] = plan[keyPath: list].count - 1
      return plan[keyPath: list].count - 1
    }
    let shape = plan[keyPath: list][number].specification.shape
    guard shape == specification.shape else {
      throw Problems(
        Problem(
          "layer \"\(node.name)\" shares \(name), which is \(shape) elsewhere and "
            + "\(specification.shape) here", path: node.path, at: node.place))
    }
    return number
  }

  /// The gradient of a loss, which is there before the first backward step.
  private mutating func addSeed(_ loss: Graph.Source) -> Int {
    let buffer = addBuffer("gradient of \(label(loss))", plan.shaped.shape(of: loss))
    gradientBuffers[loss] = buffer
    return buffer
  }

  private func label(_ source: Graph.Source) -> String {
    plan.values[source].map { plan.buffers[$0].label } ?? "?"
  }

  private mutating func addBackward(
    _ index: Int, _ gradients: Differentiation, _ isTrained: (String) -> Bool
  ) {
    let node = node(index)
    let signature = plan.shaped.signatures[index]
    guard let forward = plan.steps.first(where: { $0.node == index }) else {
      preconditionFailure("a node runs backward that never ran forward")
    }
    var step = forward.reversed
    for output in signature.outputs.indices {
      let source = Graph.Source.node(index, output: output)
      if let buffer = gradientBuffers[source] {
        use(buffer, at: now)
        step.outputGradients.append(buffer)
      } else {
        let buffer = addBuffer("gradient of \(label(source))", signature.outputs[output])
        step.outputGradients.append(buffer)
        step.cleared.append(buffer)
      }
    }
    for (input, source) in node.inputs.enumerated() {
      if signature.undifferentiable.contains(input) || !gradients.values.contains(source) {
        step.inputGradients.append(nil)
      } else if let buffer = gradientBuffers[source] {
        use(buffer, at: now)
        step.inputGradients.append(Plan.Target(index: buffer, accumulates: true))
      } else {
        let buffer = addBuffer(
          "gradient of \(label(source))", plan.shaped.shape(of: source))
        gradientBuffers[source] = buffer
        step.inputGradients.append(Plan.Target(index: buffer, accumulates: false))
      }
    }
    for number in step.parameters {
      if isTrained(plan.parameters[number].name) {
        let isFirst = writtenParameters.insert(number).inserted
        step.parameterGradients.append(Plan.Target(index: number, accumulates: !isFirst))
      } else {
        step.parameterGradients.append(nil)
      }
    }
    for buffer in step.saved { use(buffer, at: now) }
    for retained in signature.retains {
      switch retained {
      case .input(let input): use(step.inputs[input], at: now)
      case .output(let output): use(step.outputs[output], at: now)
      }
    }
    step.scratch = addScratch(signature.backwardScratch, of: node)
    plan.steps.append(step)
  }
}

extension Plan.Step {
  /// The backward step of the same node: the same tensors, no gradients yet.
  fileprivate var reversed: Plan.Step {
    var step = Plan.Step(direction: .backward, node: node)
    (step.inputs, step.outputs, step.saved) = (inputs, outputs, saved)
    (step.parameters, step.states, step.carried) = (parameters, states, carried)
    return step
  }
}
