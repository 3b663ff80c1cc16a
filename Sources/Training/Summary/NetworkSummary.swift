import Compilation
public import GraphIR
public import Settings
public import TensorCore

/// What a network is made of, known before any data is read.
public struct NetworkSummary: Sendable {
  /// A layer, together with the activation that its entry names.
  public struct Row: Sendable {
    public let name: String
    public let type: String
    /// The shape of its output; nil for the extents that follow the batch.
    public let shape: [Int?]
    public var parameters: Int
    public var states: Int
    /// For one row of a batch.
    public let multiplyAdds: Int
  }

  public let name: String
  public let inputs: [(name: String, shape: Shape)]
  public let rows: [Row]

  /// Throws: what does not fit, with its place.
  public init(_ name: String, _ graph: Graph) throws(Problems) {
    self.name = name
    inputs = graph.inputs.map { ($0.name, $0.shape) }
    // Extents that differ between two batch sizes are those that follow the batch.
    let (one, two) = (try ShapedGraph(graph, batch: 1), try ShapedGraph(graph, batch: 2))
    var rows: [Row] = []
    var counted: Set<String> = []
    for (index, node) in graph.nodes.enumerated() {
      let signature = one.signatures[index]
      let type = type(of: node.layer).type
      let extents = zip(
        signature.outputs[0].dimensions, two.signatures[index].outputs[0].dimensions)
      let isNew = counted.insert(node.parameterPath).inserted
      func count(_ tensors: [ParameterSpec]) -> Int {
        isNew ? tensors.reduce(0) { $0 + $1.shape.count } : 0
      }
      let row = Row(
        name: node.name, type: type, shape: extents.map { $0 == $1 ? $0 : nil },
        parameters: count(signature.parameters), states: count(signature.states),
        multiplyAdds: signature.multiplyAdds)
      if let last = rows.last, node.name == "\(last.name)/\(type)", row.parameters == 0,
        row.shape == last.shape
      {
        continue
      }
      rows.append(row)
    }
    self.rows = rows
  }

  public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
  public var states: Int { rows.reduce(0) { $0 + $1.states } }
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }

  /// The summary for other programs.
  public var json: JSON {
    [
      "name": JSON(.string(name)),
      "inputs": JSON(
        .object(inputs.map { .init($0.name, $0.shape.dimensions.json) })),
      "layers": JSON(
        .array(
          rows.map { row in
            [
              "name": row.name.json, "type": row.type.json,
              "output_shape": JSON(.array(row.shape.map { $0?.json ?? JSON(.null) })),
              "parameters": row.parameters.json, "states": row.states.json,
              "multiply_adds": row.multiplyAdds.json,
            ]
          })),
      "parameters": parameters.json, "states": states.json, "multiply_adds": multiplyAdds.json,
    ]
  }
}
