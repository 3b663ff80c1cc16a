import GraphIR
import TensorCore

extension ShapedGraph {
  /// The same graph with fewer steps and less memory to pass over, as its layers know to shorten it.
  ///
  /// Nodes keep their numbers, so values that are wanted keep their sources: of two that become one the second stays, and
  /// nothing needs the first any more.
  ///
  /// - Parameter wanted: what a run computes; it stays as it is.
  func fused(for wanted: [Graph.Source]) -> ShapedGraph {
    var fusing = Fusing(self, wanted)
    fusing.run()
    return ShapedGraph(fusing.graph, batch: batch, signatures: fusing.signatures)
  }
}

private struct Fusing {
  private(set) var graph: Graph
  private(set) var signatures: [Signature]
  private let shaped: ShapedGraph
  private let wanted: Set<Graph.Source>
  private var needed: [Bool]
  /// How often the nodes that are needed read each node.
  private var readers: [Int]

  init(_ shaped: ShapedGraph, _ wanted: [Graph.Source]) {
    (self.shaped, graph, signatures) = (shaped, shaped.graph, shaped.signatures)
    self.wanted = Set(wanted)
    needed = neededNodes(of: graph, for: wanted)
    readers = Array(repeating: 0, count: graph.nodes.count)
    for index in graph.nodes.indices where needed[index] {
      for case .node(let read, _) in graph.nodes[index].inputs { readers[read] += 1 }
    }
  }

  /// Fuses until nothing can be fused. Of three layers the last two go first: a maximum that comes before a function is
  /// what a normalisation before both can make of its rows.
  mutating func run() {
    while graph.nodes.indices.reversed().contains(where: { fuse(endingAt: $0) }) {}
  }

  /// Fuses a node with the one before it, if it can be.
  private mutating func fuse(endingAt index: Int) -> Bool {
    guard needed[index], let first = onlyRead(by: index),
      let layer = graph.nodes[first].layer as? any FusableLayer,
      let fusion = layer.fusion(
        with: graph.nodes[index].layer, on: shapes(graph.nodes[first].inputs))
    else { return false }
    switch fusion {
    case .one(let both): return join(first, index, both)
    case .swapped: return swap(first, index)
    }
  }

  /// The node whose only output a node reads first and nothing else reads.
  private func onlyRead(by index: Int) -> Int? {
    guard case .node(let first, _)? = graph.nodes[index].inputs.first, readers[first] == 1,
      signatures[first].outputs.count == 1, !wanted.contains(.node(first, output: 0))
    else { return nil }
    return first
  }

  private func shapes(_ sources: [Graph.Source]) -> [Shape] {
    sources.map { source in
      switch source {
      case .input: shaped.shape(of: source)
      case .node(let index, let output): signatures[index].outputs[output]
      }
    }
  }

  /// What a layer says of shapes; nil where it cannot take them, so that all stays as it is.
  private func signature(_ layer: any Layer, _ inputs: [Shape]) -> Signature? {
    try? layer.signature(for: inputs, batch: shaped.batch)
  }

  private mutating func join(_ first: Int, _ second: Int, _ both: any Layer) -> Bool {
    let (front, back) = (graph.nodes[first], graph.nodes[second])
    let inputs = front.inputs + back.inputs.dropFirst()
    guard let signature = signature(both, shapes(inputs)) else { return false }
    signatures[second] = signature
    graph.replace(
      second,
      with: Graph.Node(
        "\(front.name)+\(back.name.split(separator: "/").last ?? "")", both, inputs: inputs,
        parameterPath: front.parameterPath, at: front.place, path: front.path))
    (needed[first], readers[first]) = (false, 0)
    return true
  }

  private mutating func swap(_ first: Int, _ second: Int) -> Bool {
    let (front, back) = (graph.nodes[first], graph.nodes[second])
    precondition(back.inputs.count == 1, "a layer with more inputs cannot come first")
    guard let early = signature(back.layer, shapes(front.inputs)),
      let late = signature(front.layer, early.outputs)
    else { return false }
    (signatures[first], signatures[second]) = (early, late)
    graph.replace(first, with: back.reading(front.inputs))
    graph.replace(second, with: front.reading(back.inputs))
    return true
  }
}

extension Graph.Node {
  /// The same with other inputs.
  fileprivate func reading(_ inputs: [Graph.Source]) -> Graph.Node {
    Graph.Node(name, layer, inputs: inputs, parameterPath: parameterPath, at: place, path: path)
  }
}
