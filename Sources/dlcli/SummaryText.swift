import Settings
import Training

/// How a summary looks.
enum SummaryText {
  /// - Parameter width: the columns of the terminal; nil for files and other programs.
  static func text(
    _ networks: [NetworkSummary], _ memory: MemorySummary?, width: Int?
  ) -> String {
    networks.map { text($0, width: width) }.joined(separator: "\n")
      + (memory.map { "\n" + WrappedText.text(text($0), width: width, hanging: 15) } ?? "")
  }

  private static func text(_ network: NetworkSummary, width: Int?) -> String {
    let inputs = network.inputs.map {
      [$0.name + " (input)", shape([nil] + $0.shape.dimensions), ""]
    }
    let rows = network.rows.map {
      [
        $0.name == $0.type ? $0.name : "\($0.name) (\($0.type))", shape($0.shape),
        grouped($0.parameters + $0.states),
      ]
    }
    let table = Table(
      head: ["Layer (type)", "Output shape", "Parameters"], rows: inputs + rows,
      alignments: [.left, .left, .right])
    let totals = """
      Total parameters: \(grouped(network.parameters + network.states))
      Trainable parameters: \(grouped(network.parameters))
      Non-trainable parameters: \(grouped(network.states))
      Multiply-adds per row: \(grouped(network.multiplyAdds)) (\(grouped(2 * network.multiplyAdds)) FLOPs)

      """
    return "Network: \(network.name)\n" + table.text(width: width)
      + WrappedText.text(totals, width: width)
  }

  private static func text(_ memory: MemorySummary) -> String {
    """
    Memory of training at batch size \(memory.batch)
      weights        \(ByteCount(memory.weights))
      gradients      \(ByteCount(memory.gradients))
      optimizer      \(ByteCount(memory.optimizer))
      activations    \(ByteCount(memory.activations)) (\(ByteCount(memory.inference)) without training)
      peak           \(ByteCount(memory.peak))

    """
  }

  static func json(_ networks: [NetworkSummary], _ memory: MemorySummary?) -> JSON {
    var members: [JSON.Member] = [.init("networks", JSON(.array(networks.map(\.json))))]
    if let memory {
      members.append(
        .init(
          "memory",
          [
            "batch_size": memory.batch.json, "weights_bytes": memory.weights.json,
            "gradients_bytes": memory.gradients.json, "optimizer_bytes": memory.optimizer.json,
            "activations_bytes": memory.activations.json,
            "inference_activations_bytes": memory.inference.json,
            "peak_bytes": memory.peak.json,
          ]))
    }
    return JSON(.object(members))
  }

  /// `(None, 26, 26, 32)`, as Keras prints it.
  static func shape(_ extents: [Int?]) -> String {
    let inner = extents.map { $0.map(String.init) ?? "None" }.joined(separator: ", ")
    return extents.count == 1 ? "(\(inner),)" : "(\(inner))"
  }

  /// `93,322`.
  static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
