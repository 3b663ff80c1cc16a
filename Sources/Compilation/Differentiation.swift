import GraphIR

/// Which gradients a step computes: those of trained parameters and of what lies between them and the losses.
///
/// Gradients stop by themselves where no trained parameter lies behind, so nothing in a spec says "detach".
struct Differentiation {
  /// Whether each node runs backward.
  private(set) var runsBackward: [Bool]
  /// The values whose gradients are computed.
  private(set) var values: Set<Graph.Source>

  /// - Parameters:
  ///   - needed: the nodes that run at all.
  ///   - losses: the values that are minimized.
  ///   - isTrained: whether a parameter, by its full name, is updated.
  init(
    _ shaped: ShapedGraph, needed: [Bool], losses: [Graph.Source], isTrained: (String) -> Bool
  ) {
    let nodes = shaped.graph.nodes
    /// Whether a trained parameter lies in or behind each node.
    var carrying: [Bool] = []
    func carries(_ source: Graph.Source) -> Bool {
      if case .node(let index, _) = source { carrying[index] } else { false }
    }
    for (node, signature) in zip(nodes, shaped.signatures) {
      let trains = signature.parameters.contains { isTrained(node.parameterName($0)) }
      let behind = node.inputs.indices.contains {
        !signature.undifferentiable.contains($0) && carries(node.inputs[$0])
      }
      carrying.append(trains || behind)
    }
    values = Set(losses.filter(carries))
    runsBackward = Array(repeating: false, count: nodes.count)
    for index in nodes.indices.reversed() where needed[index] && carrying[index] {
      let signature = shaped.signatures[index]
      let isAsked = signature.outputs.indices.contains {
        values.contains(.node(index, output: $0))
      }
      guard isAsked else { continue }
      runsBackward[index] = true
      for (input, source) in nodes[index].inputs.enumerated()
      where !signature.undifferentiable.contains(input) && carries(source) {
        values.insert(source)
      }
    }
  }
}

extension Graph.Node {
  /// The full name of a parameter or state: `encoder/dense_1/kernel`.
  func parameterName(_ specification: ParameterSpec) -> String {
    "\(parameterPath)/\(specification.name)"
  }
}
