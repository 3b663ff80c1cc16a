public import GraphIR
public import Settings
public import TensorCore

/// The numbers of all networks of a run: one contiguous block of parameters, one of their gradients, one of states.
///
/// An optimizer step, a gradient norm and a checkpoint are each one pass over flat memory. Tensors begin on cache lines;
/// what lies between them stays zero in every block.
public final class ParameterStore<S: Scalar>: @unchecked Sendable {
  /// A named tensor of a block.
  public struct Entry: Sendable {
    public let name: String
    public let specification: ParameterSpec
    /// Scalars from the start of the block.
    public let offset: Int
    /// The rows whose gradient may be anything but zero, where all that write it move single rows.
    public let gradientRows: RowSet?

    /// The scalars of the block that the tensor fills.
    public var range: Range<Int> { offset..<offset + specification.shape.count }
  }

  public let parameters: [Entry]
  public let states: [Entry]
  public let values: Arena<S>
  public let gradients: Arena<S>
  public let stateValues: Arena<S>
  private let parameterNumbers: [String: Int]
  private let stateNumbers: [String: Int]

  /// Room for every parameter and state of the plans, in order of first use.
  ///
  /// Throws: a tensor that two plans give different shapes; plans that take more memory than there is.
  public init(for plans: [Plan]) throws(Problems) {
    parameters = try Self.entries(
      plans.flatMap(\.parameters), movedByRows: Self.movedByRows(in: plans))
    states = try Self.entries(plans.flatMap(\.states))
    // Here, because whatever runs plans has a store made for them before it reserves anything else.
    try MemoryDemand(of: plans, as: S.self).check()
    let count = Self.count(parameters)
    values = Arena(count: count)
    gradients = Arena(count: count)
    stateValues = Arena(count: Self.count(states))
    parameterNumbers = Self.numbers(parameters)
    stateNumbers = Self.numbers(states)
  }

  private static func numbers(_ entries: [Entry]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  private static func count(_ entries: [Entry]) -> Int {
    entries.last.map { Arena<S>.aligned($0.range.upperBound) } ?? 0
  }

  /// The parameters of which every backward step moves single rows.
  private static func movedByRows(in plans: [Plan]) -> Set<String> {
    var (byRows, asWhole): (Set<String>, Set<String>) = ([], [])
    for plan in plans {
      for step in plan.steps {
        let rowGradients = plan.shaped.signatures[step.node].rowGradients
        for case (let index, let target?) in step.parameterGradients.enumerated() {
          let name = plan.parameters[target.index].name
          if rowGradients.contains(index) { byRows.insert(name) } else { asWhole.insert(name) }
        }
      }
    }
    return byRows.subtracting(asWhole)
  }

  private static func entries(
    _ tensors: [Plan.Tensor], movedByRows: Set<String> = []
  ) throws(Problems) -> [Entry] {
    var entries: [Entry] = []
    var shapes: [String: Shape] = [:]
    for tensor in tensors {
      let shape = tensor.specification.shape
      if let known = shapes[tensor.name] {
        guard known == shape else {
          throw Problems(Problem("\(tensor.name) is \(known) here and \(shape) there"))
        }
        continue
      }
      shapes[tensor.name] = shape
      entries.append(
        Entry(
          name: tensor.name, specification: tensor.specification, offset: count(entries),
          gradientRows: movedByRows.contains(tensor.name) ? RowSet(of: shape[0]) : nil))
    }
    return entries
  }

  /// Writes the initial values: a function of the seed and each tensor's name.
  public func initialize(seed: UInt64, pool: WorkerPool = WorkerPool(threads: 1)) {
    for (entries, block) in [(parameters, values), (states, stateValues)] {
      pool.run(chunks: entries.count) { number in
        let entry = entries[number]
        let specification = entry.specification
        let initial = specification.initializer.values(
          specification.shape, fanIn: specification.fanIn, fanOut: specification.fanOut,
          random: RandomStream(seed: seed, name: "initial/" + entry.name))
        let view = block.view(at: entry.offset, specification.shape)
        write(initial, to: view)
      }
    }
  }

  /// The parameter of a name.
  public func parameter(_ name: String) -> Entry? { parameterNumbers[name].map { parameters[$0] } }

  /// The state of a name.
  public func state(_ name: String) -> Entry? { stateNumbers[name].map { states[$0] } }

  /// How many numbers training changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.specification.shape.count } }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func write<S: Scalar>(_ values: [Double], to view: View<S>) {
  for (index, value) in values.enumerated() { view[index] = S(value) }
}
