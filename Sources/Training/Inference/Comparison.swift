import Compilation
import Datasets
import GraphIR
import Layers

/// A value that a loss compares with a field of the data: what the network says of the row, and the truth.
struct Comparison: Sendable {
  let prediction: Graph.Source
  /// What the numbers of the prediction stand for.
  let scale: PredictionScale
  let target: DataField
}

extension Graph {
  /// What its losses compare with fields of the data, in their order.
  func comparisons(with fields: [DataField]) -> [Comparison] {
    guard let shaped = try? ShapedGraph(self, batch: 1) else { return [] }
    return nodes.compactMap { node in
      // Behind prediction and target there may be a mask.
      let isMasked = (node.layer as? any MaskedLayer)?.isMasked == true
      guard let loss = node.layer as? any GraphIR.Loss, node.inputs.count == (isMasked ? 3 : 2),
        let target = field(behind: node.inputs[1], in: shaped, fields)
      else { return nil }
      return Comparison(
        prediction: node.inputs[0], scale: type(of: loss).scale, target: target)
    }
  }

  /// A prediction in the numbers of its targets: logits become probabilities.
  mutating func add(_ comparison: Comparison) -> Source {
    let layer: any Layer
    switch comparison.scale {
    case .targets: return comparison.prediction
    case .logOdds: layer = Sigmoid()
    case .logits: layer = Softmax()
    }
    let name = "probabilities of \(comparison.target.name)"
    return add(Node(name, layer, inputs: [comparison.prediction], parameterPath: name))
  }
}
