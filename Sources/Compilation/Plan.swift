public import GraphIR
public import Settings
public import TensorCore

/// What to run in which order and where everything lies: a graph compiled for one batch size.
///
/// A plan has a phase for each of its goals: forward steps, then backward ones. What an earlier phase computed and a
/// later one reads stays in memory between them and is not computed again.
public struct Plan: Sendable {
  /// What a phase is for: losses whose gradients it computes.
  public struct Goal {
    public let losses: [Graph.Source]
    /// Whether a parameter, by its full name, gets a gradient.
    public let isTrained: (String) -> Bool

    public init(losses: [Graph.Source], isTrained: @escaping (String) -> Bool = { _ in true }) {
      self.losses = losses
      self.isTrained = isTrained
    }
  }

  /// The steps of one goal, by number.
  public struct Phase: Sendable {
    public internal(set) var forward: Range<Int>
    public internal(set) var backward: Range<Int>
    /// The inputs of the graph that its forward steps read, which a run writes before the phase.
    public internal(set) var inputs: [Int]
    /// The gradient buffers of the losses in the order they were given, which the backward steps begin with;
    /// nil for a loss that moves no parameter.
    public internal(set) var seeds: [Int?]
  }

  /// A tensor of the arena.
  public struct Buffer: Sendable {
    /// What it holds, for people: `conv2d_1`, `gradient of conv2d_1`.
    public let label: String
    public let shape: Shape
    /// The first and last step during which it must keep its contents.
    public internal(set) var lifetime: ClosedRange<Int>
    /// Scalars from the start of the arena.
    public internal(set) var offset = 0
    /// The buffer whose memory this one shares; itself where it has its own.
    public internal(set) var storage: Int
  }

  /// Where a gradient goes: a buffer or a parameter, by number.
  public struct Target: Sendable, Hashable {
    public let index: Int
    public let accumulates: Bool
  }

  /// One run of one layer in one direction; all numbers are those of `buffers`, `parameters`, `states` and `carried`.
  public struct Step: Sendable {
    public enum Direction: String, Sendable {
      case forward
      case backward
    }

    public let direction: Direction
    /// The number of the node in the graph.
    public let node: Int
    public var inputs: [Int] = []
    public var outputs: [Int] = []
    public var saved: [Int] = []
    public var scratch: [Int] = []
    public var parameters: [Int] = []
    public var states: [Int] = []
    public var carried: [Int] = []
    public var outputGradients: [Int] = []
    public var inputGradients: [Target?] = []
    public var parameterGradients: [Target?] = []
    /// Buffers to fill with zero first: gradients of outputs that nobody reads.
    public var cleared: [Int] = []
  }

  /// A parameter or state that the steps use.
  public struct Tensor: Sendable {
    public let name: String
    public let specification: ParameterSpec
  }

  /// Memory that stays from run to run.
  public struct Carried: Sendable, Hashable {
    /// The node's name and the number among what it carries: `lstm/0`.
    public let name: String
    public let shape: Shape
    /// Scalars from the start of the block.
    public let offset: Int
  }

  public let shaped: ShapedGraph
  public internal(set) var steps: [Step] = []
  public internal(set) var buffers: [Buffer] = []
  public internal(set) var parameters: [Tensor] = []
  public internal(set) var states: [Tensor] = []
  public internal(set) var carried: [Carried] = []
  /// The buffer of every value that is computed or fed.
  public internal(set) var values: [Graph.Source: Int] = [:]
  /// One for each goal; a plan that only computes has one.
  public internal(set) var phases: [Phase] = []
  /// How many scalars the arena must hold.
  public internal(set) var arenaCount = 0

  init(_ shaped: ShapedGraph) { self.shaped = shaped }

  /// N.
  public var batch: Int { shaped.batch }

  /// Multiply-adds of the forward passes of one batch.
  public var multiplyAdds: Int {
    steps.filter { $0.direction == .forward }
      .reduce(0) { $0 + shaped.signatures[$1.node].multiplyAdds }
  }

  /// How many scalars the block of what is carried must hold; each begins on a cache line.
  public var carriedCount: Int {
    carried.last.map { Arena<Float>.aligned($0.offset + $0.shape.count) } ?? 0
  }

  /// The names of the parameters whose gradients a phase computes.
  public func differentiated(in phase: Phase) -> Set<String> {
    Set(
      steps[phase.backward].flatMap(\.parameterGradients).compactMap { target in
        target.map { parameters[$0.index].name }
      })
  }

  /// The names of the parameters whose gradients a run computes.
  public var differentiated: Set<String> {
    phases.reduce(into: []) { $0.formUnion(differentiated(in: $1)) }
  }

  /// Compiles a graph: shapes, fusion, pruning, differentiation, scheduling, memory; verified after scheduling and after memory.
  ///
  /// - Parameters:
  ///   - goals: one for each phase, in their order; the losses are scalar values.
  ///   - fetched: values that are read after a run; the first phase computes them.
  /// Throws: what does not fit, with its place in the file.
  public static func compile(
    _ graph: Graph, batch: Int, goals: [Goal], fetched: [Graph.Source] = []
  ) throws(Problems) -> Plan {
    let shaped = try ShapedGraph(graph, batch: batch)
    let losses = goals.flatMap(\.losses)
    try checkLosses(losses, of: shaped)
    let fused = shaped.fused(for: losses + fetched)
    var plan = try schedule(fused, goals, fetched: fetched)
    plan.verifyOrder()
    plan.shareMemory(fetched: Set(fetched + losses))
    plan.placeBuffers()
    plan.verifyMemory()
    return plan
  }

  /// Compiles a graph with one goal, or with none: then the plan only computes what is fetched.
  public static func compile(
    _ graph: Graph, batch: Int, losses: [Graph.Source] = [], fetched: [Graph.Source] = [],
    isTrained: @escaping (String) -> Bool = { _ in true }
  ) throws(Problems) -> Plan {
    try compile(
      graph, batch: batch, goals: [Goal(losses: losses, isTrained: isTrained)], fetched: fetched)
  }

  private static func checkLosses(
    _ losses: [Graph.Source], of shaped: ShapedGraph
  ) throws(Problems) {
    var problems = Problems()
    for case .node(let index, let output) in losses
    where shaped.signatures[index].outputs[output].count != 1 {
      let node = shaped.graph.nodes[index]
      problems.add(
        "\"\(node.name)\" is minimized, so it must be a single number; "
          + "it is \(shaped.signatures[index].outputs[output])", path: node.path, at: node.place)
    }
    try problems.throwIfAny()
  }
}
