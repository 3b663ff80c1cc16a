public import GraphIR
public import Settings
public import TensorCore

/// A graph for one batch size, with what every layer says of its shapes.
public struct ShapedGraph: Sendable {
  public let graph: Graph
  /// N: how many rows a run takes.
  public let batch: Int
  /// One for each node.
  public let signatures: [Signature]

  /// A graph whose layers have been asked already.
  init(_ graph: Graph, batch: Int, signatures: [Signature]) {
    (self.graph, self.batch, self.signatures) = (graph, batch, signatures)
  }

  /// The shape of a value, the batch included.
  public func shape(of source: Graph.Source) -> Shape {
    switch source {
    case .input(let index): graph.inputs[index].shape.prepending(batch)
    case .node(let index, let output): signatures[index].outputs[output]
    }
  }

  /// The shape rule of every node, in order.
  ///
  /// Throws: every misfit that no earlier misfit explains, with the layer, its place and what it expected.
  public init(_ graph: Graph, batch: Int) throws(Problems) {
    self.graph = graph
    self.batch = batch
    var problems = Problems()
    var known: [Signature?] = []
    for node in graph.nodes {
      known.append(Self.signature(of: node, in: graph, batch, known, &problems))
    }
    try problems.throwIfAny()
    signatures = known.compactMap(\.self)
  }

  private static func signature(
    of node: Graph.Node, in graph: Graph, _ batch: Int, _ known: [Signature?],
    _ problems: inout Problems
  ) -> Signature? {
    var shapes: [Shape] = []
    for source in node.inputs {
      switch source {
      case .input(let index): shapes.append(graph.inputs[index].shape.prepending(batch))
      case .node(let index, let output):
        // What reads a misfit cannot be judged.
        guard let signature = known[index] else { return nil }
        guard signature.outputs.indices.contains(output) else {
          problems.add(
            "layer \"\(node.name)\" reads output \(output) of \"\(graph.nodes[index].name)\", "
              + "which has \(signature.outputs.count)", path: node.path, at: node.place)
          return nil
        }
        shapes.append(signature.outputs[output])
      }
    }
    let type = type(of: node.layer).type
    if node.mixesPadding {
      problems.add(
        "layer \"\(node.name)\" (\(type)) would mix padding into its values, for some steps of its input are padding; put a layer "
          + "before it that takes masks, such as global_average_pooling1d",
        path: node.path, at: node.place)
      return nil
    }
    do throws(ShapeError) {
      let signature = try node.layer.signature(for: shapes, batch: batch)
      for parameter in signature.parameters {
        if let objection = parameter.initializer.objection(to: parameter.shape) {
          problems.add(
            "layer \"\(node.name)\" (\(type)): its \(parameter.name) \(objection)",
            path: node.path, at: node.place)
        }
      }
      return signature
    } catch {
      problems.add(
        "layer \"\(node.name)\" (\(type)) \(error.description)", path: node.path, at: node.place)
      return nil
    }
  }
}
