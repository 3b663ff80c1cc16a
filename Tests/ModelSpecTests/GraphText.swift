import GraphIR
import ModelSpec
import Settings

/// A graph as text, a node a line: `c1 = conv2d(image) @ c1`, with the path of parameters behind the @ where it differs.
func text(_ graph: Graph) -> [String] {
  func name(_ source: Graph.Source) -> String {
    switch source {
    case .input(let index): graph.inputs[index].name
    case .node(let index, 0): graph.nodes[index].name
    case .node(let index, let output): "\(graph.nodes[index].name):\(output)"
    }
  }
  return graph.nodes.map { node in
    let inputs = node.inputs.map(name).joined(separator: ", ")
    let shared = node.parameterPath == node.name ? "" : " @ \(node.parameterPath)"
    return "\(node.name) = \(type(of: node.layer).type)(\(inputs))\(shared)"
  }
}

/// The name of what a name stands for.
func source(_ name: String, in graph: Graph) -> String? {
  switch graph.names[name] {
  case .input(let index): graph.inputs[index].name
  case .node(let index, 0): graph.nodes[index].name
  case .node(let index, let output): "\(graph.nodes[index].name):\(output)"
  case nil: nil
  }
}

func json(_ text: String) throws -> JSON {
  try JSONParser.parse(Array(text.utf8), file: "model.json")
}

func networks(_ text: String) throws -> Networks {
  try Networks(json(text), registry: toyRegistry)
}

/// The messages that reading a model gives, with their places.
func messages(_ text: String) -> [String] {
  do {
    _ = try networks(text)
    return []
  } catch let problems as Problems {
    return problems.description.split(separator: "\n").map(String.init)
  } catch {
    return ["\(error)"]
  }
}

/// A network with one input `x` and these layers.
func network(_ layers: String) -> String { #"{"inputs": {"x": [4]}, "layers": [\#(layers)]}"# }
