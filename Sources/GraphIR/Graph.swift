public import Settings
public import TensorCore

/// Layers and what flows between them; a node comes after all it reads, so the graph has no cycle.
public struct Graph: Sendable {
  /// A value that a run is fed with.
  public struct Input: Sendable {
    public let name: String
    /// The shape of one row, without the batch.
    public let shape: Shape
    public let place: Place?
    /// The path of keys to it in the file that describes it.
    public let path: String

    public init(_ name: String, _ shape: Shape, at place: Place? = nil, path: String = "") {
      self.name = name
      self.shape = shape
      self.place = place
      self.path = path
    }
  }

  /// Where a value comes from.
  public enum Source: Hashable, Sendable {
    case input(Int)
    case node(Int, output: Int)
  }

  /// One use of a layer.
  public struct Node: Sendable {
    /// Unique in the graph; random numbers are drawn by it.
    public let name: String
    public fileprivate(set) var layer: any Layer
    /// What it reads; where the layer takes a mask, the graph has put that behind the others.
    public fileprivate(set) var inputs: [Source]
    /// The front part of the names of its parameters, `generator/dense_1`; nodes with the same share them.
    public let parameterPath: String
    /// Where the file describes it, for messages.
    public let place: Place?
    /// The path of keys to it in that file.
    public let path: String
    /// Whether steps that are padding reach a layer that would mix them with others.
    public fileprivate(set) var mixesPadding = false
    /// Whether its rows are steps, of which some are padding.
    fileprivate var hasMergedSteps = false

    public init(
      _ name: String, _ layer: any Layer, inputs: [Source], parameterPath: String,
      at place: Place? = nil, path: String = ""
    ) {
      self.name = name
      self.layer = layer
      self.inputs = inputs
      self.parameterPath = parameterPath
      self.place = place
      self.path = path
    }
  }

  public private(set) var inputs: [Input] = []
  public private(set) var nodes: [Node] = []
  /// What each name stands for: inputs, nodes, and the names that a spec gives to values.
  public private(set) var names: [String: Source] = [:]
  /// For values whose steps may be padding, [N, T, ...], the value [N, T] that says so: 0 for padding, 1 for the rest.
  public private(set) var masks: [Source: Source] = [:]

  public init() {}

  /// Adds an input and names it.
  @discardableResult
  public mutating func add(_ input: Input) -> Source {
    inputs.append(input)
    return name(input.name, .input(inputs.count - 1))
  }

  /// The same graph over rows of other shapes.
  public func reshaped(_ shape: (Input) -> Shape) -> Graph {
    var graph = self
    graph.inputs = inputs.map { Input($0.name, shape($0), at: $0.place, path: $0.path) }
    return graph
  }

  /// Adds a node, which reads only what is there already, and names its first output.
  ///
  /// Masks spread by themselves: to what follows step by step, and to layers that take them.
  @discardableResult
  public mutating func add(_ node: Node) -> Source {
    for case .node(let index, _) in node.inputs {
      precondition(index < nodes.count, "a node reads one that comes after it")
    }
    var node = node
    let mask = spreadMask(to: &node)
    nodes.append(node)
    let source = Source.node(nodes.count - 1, output: 0)
    masks[source] = mask
    return name(node.name, source)
  }

  /// Adds a node of another graph with another layer and other inputs, its mask, if it has one, among them.
  @discardableResult
  public mutating func add(copyOf node: Node, _ layer: any Layer, inputs: [Source]) -> Source {
    var node = node
    (node.layer, node.inputs) = (layer, inputs)
    nodes.append(node)
    return name(node.name, .node(nodes.count - 1, output: 0))
  }

  /// Puts a node, with its mask among its inputs, in the place of another.
  public mutating func replace(_ index: Int, with node: Node) {
    for case .node(let read, _) in node.inputs {
      precondition(read < index, "a node reads one that comes after it")
    }
    nodes[index] = node
  }

  /// Puts another layer in the place of a node's, which reads and gives the same.
  public mutating func setLayer(of index: Int, to layer: any Layer) { nodes[index].layer = layer }

  /// Freezes the layers of all nodes from a number on.
  public mutating func freeze(from first: Int) {
    for index in nodes.indices[first...] {
      if let layer = nodes[index].layer as? any FreezableLayer {
        nodes[index].layer = layer.frozen()
      }
    }
  }

  /// Gives a node the mask that it reads; returns that of its output.
  private mutating func spreadMask(to node: inout Node) -> Source? {
    let known = node.inputs.map { masks[$0] }
    if let maker = (node.layer as? any MaskingLayer)?.maskMaker {
      return addMask(of: node, maker, reading: Array(node.inputs.prefix(1)))
    }
    let hasMergedSteps = node.inputs.contains { source in
      guard case .node(let index, _) = source else { return false }
      return nodes[index].hasMergedSteps
    }
    if node.layer is any StepMergingLayer {
      node.hasMergedSteps = hasMergedSteps || known.contains { $0 != nil }
      return nil
    }
    if hasMergedSteps, node.layer is any RowMixingLayer { node.mixesPadding = true }
    if known.contains(where: { $0 != nil }),
      let joiner = (node.layer as? any MaskJoiningLayer)?.maskJoiner(of: known.map { $0 != nil })
    {
      return addMask(of: node, joiner, reading: zip(node.inputs, known).map { $1 ?? $0 })
    }
    let count = node.inputs.count
    if let layer = node.layer as? any MaskKeepingLayer {
      if let layer = layer as? any MaskedLayer {
        let read = layer.maskedInput(of: count)
        if known.indices.contains(read), let mask = known[read] {
          node.layer = layer.masked()
          node.inputs.append(mask)
        }
      }
      if let map = (layer as? any MaskMappingLayer)?.maskMap, let mask = known.first ?? nil {
        return addMask(of: node, map, reading: [mask])
      }
      let kept = layer.keptMask(of: count).flatMap { known.indices.contains($0) ? known[$0] : nil }
      node.hasMergedSteps = hasMergedSteps && kept == nil
      return kept
    }
    node.hasMergedSteps = hasMergedSteps
    let mask = known.lazy.compactMap(\.self).first
    if mask != nil, (node.layer as? any StepwiseLayer)?.isStepwise != true {
      node.mixesPadding = true
      return nil
    }
    return mask
  }

  /// Adds what makes the mask of a node's output.
  private mutating func addMask(
    of node: Node, _ maker: any Layer, reading inputs: [Source]
  ) -> Source {
    nodes.append(
      Node(
        "\(node.name)/mask", maker, inputs: inputs, parameterPath: "\(node.parameterPath)/mask",
        at: node.place, path: node.path))
    return .node(nodes.count - 1, output: 0)
  }

  /// What a name stands for, and what does with further numbers behind it: `encoder`, `encoder:1`.
  public func outputs(of name: String) -> [Source] {
    guard let first = names[name] else { return [] }
    var outputs = [first]
    while let next = names["\(name):\(outputs.count)"] { outputs.append(next) }
    return outputs
  }

  /// Gives a value a name; a later use of the same name replaces it.
  @discardableResult
  public mutating func name(_ name: String, _ source: Source) -> Source {
    names[name] = source
    return source
  }
}
