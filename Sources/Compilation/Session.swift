public import GraphIR
import Kernels
public import TensorCore

/// A plan bound to memory: runs the steps, again and again, and allocates nothing.
public final class Session<S: Scalar> {
  /// One bound step.
  private struct Call {
    let layer: any Layer
    let pass: Pass<S>
    let cleared: [View<S>]
  }

  public let plan: Plan
  public let context: StepContext
  /// Where there is one, it is told of every step's end.
  public var timer: StepTimer?
  /// What stays from run to run, one for each of `plan.carried`; zero at first.
  public let carried: [(name: String, view: View<S>)]
  private let arena: Arena<S>
  private let carriedArena: Arena<S>
  /// One for each step of the plan.
  private let calls: [Call]
  /// The same, adding to the gradients of parameters: for every part of a batch after its first.
  private let accumulatingCalls: [Call]
  /// For each phase, where the gradients of its losses begin.
  private let seeds: [[View<S>?]]

  /// Binds a plan.
  ///
  /// - Parameters:
  ///   - arena: at least `plan.arenaCount` scalars; sessions that never run at once may share one.
  public init(_ plan: Plan, store: ParameterStore<S>, arena: Arena<S>, context: StepContext) {
    self.plan = plan
    self.arena = arena
    self.context = context
    let carriedArena = Arena<S>(count: plan.carriedCount)
    self.carriedArena = carriedArena
    let carried = plan.carried.map { ($0.name, carriedArena.view(at: $0.offset, $0.shape)) }
    self.carried = carried
    let binder = Binder(
      plan: plan, store: store, arena: arena, carried: carried.map(\.1))
    calls = plan.steps.map { step in
      let node = plan.shaped.graph.nodes[step.node]
      let random = RandomStream(seed: context.seed, name: "/\(node.name)")
      return Call(
        layer: node.layer, pass: binder.pass(step, context: context, stream: random.stream),
        cleared: step.cleared.map(binder.buffer))
    }
    seeds = plan.phases.map { phase in phase.seeds.map { $0.map(binder.buffer) } }
    accumulatingCalls = calls.map { call in
      var pass = call.pass
      pass.parameterGradients = pass.parameterGradients.map { gradient in
        gradient.map { Gradient($0.view, accumulates: true, rows: $0.rows) }
      }
      return Call(layer: call.layer, pass: pass, cleared: call.cleared)
    }
  }

  /// The memory of a value: an input to write before a run, a fetched value to read after one.
  public func value(_ source: Graph.Source) -> View<S>? {
    plan.values[source].map { arena.view(at: plan.buffers[$0].offset, plan.buffers[$0].shape) }
  }

  /// Forgets what was carried from run to run.
  public func clearCarried() {
    for (_, view) in carried { view.fill(0) }
  }

  /// Takes over what another session of the same graph carries; where it has other numbers of rows, those of the first.
  public func takeCarried(from other: Session) {
    for (number, (_, view)) in carried.enumerated() {
      let source = other.carried[number].view
      view.base.update(from: source.base, count: min(view.count, source.count))
    }
  }

  /// Computes the values of a phase after those of the phases before.
  public func forward(phase: Int = 0) {
    timer?.start()
    for step in plan.phases[phase].forward {
      calls[step].layer.forward(calls[step].pass)
      timer?.end(of: step)
    }
  }

  /// Computes the gradients of the weighted sum of the losses of a phase after its `forward`.
  ///
  /// - Parameters:
  ///   - weights: of the losses, in the order in which the plan was given them.
  ///   - accumulating: whether to add to the gradients of the parameters instead of writing them.
  public func backward(phase: Int = 0, weights: [S], accumulating: Bool = false) {
    let seeds = seeds[phase]
    precondition(seeds.isEmpty || weights.count == seeds.count, "a weight for each loss")
    for index in seeds.indices { seeds[index]?.fill(weights[index]) }
    let calls = accumulating ? accumulatingCalls : calls
    timer?.start()
    for step in plan.phases[phase].backward {
      for view in calls[step].cleared { view.fill(0) }
      calls[step].layer.backward(calls[step].pass)
      timer?.end(of: step)
    }
  }
}

/// Turns the numbers of a plan into views.
private struct Binder<S: Scalar> {
  let plan: Plan
  let store: ParameterStore<S>
  let arena: Arena<S>
  let carried: [View<S>]

  func buffer(_ number: Int) -> View<S> {
    arena.view(at: plan.buffers[number].offset, plan.buffers[number].shape)
  }

  func pass(_ step: Plan.Step, context: StepContext, stream: UInt64) -> Pass<S> {
    let signature = plan.shaped.signatures[step.node]
    let products =
      step.direction == .forward ? signature.forwardProducts : signature.backwardProducts
    return Pass(
      inputs: step.inputs.map(buffer), outputs: step.outputs.map(buffer),
      parameters: step.parameters.map {
        tensor(store.parameter(plan.parameters[$0].name), store.values)
      },
      states: step.states.map { tensor(store.state(plan.states[$0].name), store.stateValues) },
      carried: step.carried.map { carried[$0] }, saved: step.saved.map(buffer),
      scratch: step.scratch.map(buffer),
      outputGradients: step.outputGradients.map(buffer),
      inputGradients: step.inputGradients.map { target in
        target.map { Gradient(buffer($0.index), accumulates: $0.accumulates) }
      },
      parameterGradients: step.parameterGradients.map { target in
        target.map {
          let parameter = store.parameter(plan.parameters[$0.index].name)
          return Gradient(
            tensor(parameter, store.gradients), accumulates: $0.accumulates,
            rows: parameter?.gradientRows)
        }
      },
      products: BoundProducts(products, of: S.self), context: context, stream: stream)
  }

  private func tensor(_ entry: ParameterStore<S>.Entry?, _ block: Arena<S>) -> View<S> {
    guard let entry else { preconditionFailure("a plan whose parameters the store does not hold") }
    return block.view(at: entry.offset, entry.specification.shape)
  }
}
