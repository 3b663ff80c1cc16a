public import GraphIR
public import Settings

extension Graph {
  /// The same graph with every layer in use, even while others are trained, of which all parameters stay as they are;
  /// of layers without parameters all states must.
  ///
  /// - Parameter stays: whether the parameter or state of a full name is frozen.
  /// Throws: what does not fit, as the plan would.
  public func freezing(batch: Int, where stays: (String) -> Bool) throws(Problems) -> Graph {
    let shaped = try ShapedGraph(self, batch: batch)
    var graph = self
    for (index, signature) in shaped.signatures.enumerated() {
      guard let layer = nodes[index].layer as? any FreezableLayer else { continue }
      let learnt = signature.parameters.isEmpty ? signature.states : signature.parameters
      let names = learnt.map(nodes[index].parameterName)
      if !names.isEmpty, names.allSatisfy(stays) {
        graph.setLayer(of: index, to: layer.frozen())
      }
    }
    return graph
  }
}
