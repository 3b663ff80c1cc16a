import GraphIR
import Settings

/// Turns lists of layers into nodes of a graph, going into blocks and networks.
///
/// A mistake is reported and what it spoils is left out, so that all mistakes of a file come at once; every step is
/// paid for, so that no file can ask for more than `Networks.maximumNodes` copies.
struct Expansion {
  /// What a name stands for.
  enum Symbol {
    /// Something with a mistake, which has been reported.
    case broken
    /// A layer, and where its first output is to be taken: behind its activation, if it has one.
    case layer(node: Int, first: Graph.Source)
    /// What a block or a network gives.
    case outputs([Graph.Source])

    /// The output that is meant where no number is given; nil for what is broken.
    var first: Graph.Source? {
      switch self {
      case .broken: nil
      case .layer(_, let first): first
      case .outputs(let outputs): outputs.first
      }
    }
  }

  /// Where a list of layers stands.
  struct Scope {
    /// What is reading: `block "residual"`, for messages.
    let owner: String
    /// The front part of the names of nodes: `encoder/`.
    let namePrefix: String
    /// The front part of the names of parameters.
    let parameterPrefix: String
    /// Whether names of the graph that is extended can be read, in full.
    let readsEarlierLists: Bool
    /// What the list can read from outside.
    private(set) var inputs: [(name: String, source: Graph.Source)] = []
    private var inputPositions: [String: Int] = [:]
    /// What the layers are called.
    var names = NamePlan()
    /// Which layer is being read.
    var index = 0

    init(
      _ owner: String, namePrefix: String = "", parameterPrefix: String = "",
      readsEarlierLists: Bool = false
    ) {
      self.owner = owner
      self.namePrefix = namePrefix
      self.readsEarlierLists = readsEarlierLists
      self.parameterPrefix = parameterPrefix
    }

    mutating func addInput(_ name: String, _ source: Graph.Source) {
      inputPositions[name] = inputs.count
      inputs.append((name, source))
    }

    /// The value of an input.
    func input(_ name: String) -> Graph.Source? { inputPositions[name].map { inputs[$0].source } }
  }

  /// Where a named thing keeps its parameters.
  struct Origin {
    let type: String
    let parameterPath: String
  }

  let definitions: Definitions
  var graph: Graph
  var problems = Problems()
  /// By full name.
  var symbols: [String: Symbol] = [:]
  var origins: [String: Origin] = [:]
  /// How many copies may yet be made.
  var allowance = Networks.maximumNodes
  /// How much may yet be put into copies of blocks.
  var weightAllowance = ConfigFile.maximumSize
  /// Set where an allowance is used up; then all stops.
  var isExhausted = false
  /// The blocks and networks that are being expanded, outermost first.
  var chain: [String] = []
  /// The keys of each type of layer.
  var keys: [String: Set<String>] = [:]

  /// An expansion that adds to a graph, whose names can be read.
  init(_ definitions: Definitions, extending graph: Graph = Graph()) {
    self.definitions = definitions
    self.graph = graph
    for (name, source) in graph.names where !name.contains(":") {
      let outputs = graph.outputs(of: name)
      if outputs.count == 1, case .node(let node, output: 0) = source {
        symbols[name] = .layer(node: node, first: source)
      } else {
        symbols[name] = .outputs(outputs)
      }
    }
    for node in graph.nodes {
      origins[node.name] = Origin(
        type: type(of: node.layer).type, parameterPath: node.parameterPath)
    }
  }

  /// Puts the layers of a list one after the other; what the first reads by default is `before` or the only input.
  ///
  /// Returns the last.
  mutating func expand(
    _ entries: [JSON], at path: String, in scope: Scope, after before: Symbol? = nil
  ) -> (last: Symbol?, scope: Scope) {
    var scope = scope
    let inputs = Set(scope.inputs.map(\.name))
    let (prefix, symbols) = (scope.namePrefix, symbols)
    scope.names = NamePlan(entries, at: path, inputs: inputs, limit: allowance, &problems) {
      symbols[prefix + $0] != nil
    }
    guard scope.names.isComplete else {
      exhaust("more than \(Networks.maximumNodes) layers", path, entries.first?.place)
      return (.broken, scope)
    }
    allowance -= scope.names.count
    var last = before
    for (index, entry) in entries.enumerated() where !isExhausted {
      scope.index = index
      last = expand(entry, at: Settings.path(path, index), in: scope, after: last)
      // More than anybody reads; looking for near names has its price.
      if problems.list.count > Problems.shownAtMost { isExhausted = true }
    }
    return (last, scope)
  }

  mutating func exhaust(_ message: String, _ path: String, _ place: Place?) {
    if !isExhausted { problems.add(message, path: path, at: place) }
    isExhausted = true
  }

  /// Puts the copies of one entry one after the other and names them.
  private mutating func expand(
    _ entry: JSON, at path: String, in scope: Scope, after before: Symbol?
  ) -> Symbol {
    let unit = readUnit(entry, at: path, in: scope)
    let inputs = readInputs(of: entry, for: unit, at: path, in: scope, after: before)
    var symbol = Symbol.broken
    if let unit, var inputs {
      for copy in scope.names.copies[scope.index] where !isExhausted {
        let count = problems.list.count
        symbol = put(unit, as: copy, reading: inputs, in: scope)
        // Another copy would only make the same mistakes.
        guard problems.list.count == count, let first = symbol.first else { break }
        if !inputs.isEmpty { inputs[0] = first }
      }
    }
    if let group = scope.names.groups[scope.index], let copy = scope.names.copies[scope.index].last
    {
      define(scope.namePrefix + group, symbol)
      origins[scope.namePrefix + group] = origins[scope.namePrefix + copy]
    }
    return symbol
  }

  /// Makes a name, full, stand for a value, and what references call its further outputs (`encoder:1`) for those.
  mutating func define(_ name: String, _ symbol: Symbol) {
    symbols[name] = symbol
    if let source = symbol.first { graph.name(name, source) }
    guard case .outputs(let outputs) = symbol else { return }
    for (index, output) in outputs.enumerated().dropFirst() {
      graph.name("\(name):\(index)", output)
    }
  }
}
