public import GraphIR

/// Which nodes a run needs: those that the wanted values follow from.
public func neededNodes(of graph: Graph, for wanted: some Sequence<Graph.Source>) -> [Bool] {
  var needed = Array(repeating: false, count: graph.nodes.count)
  for case .node(let index, _) in wanted { needed[index] = true }
  for index in graph.nodes.indices.reversed() where needed[index] {
    for case .node(let source, _) in graph.nodes[index].inputs { needed[source] = true }
  }
  return needed
}
