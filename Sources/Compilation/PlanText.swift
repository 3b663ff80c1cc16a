import GraphIR
import TensorCore

extension Plan {
  /// The plan for people and for snapshots: one line a step, with what it reads and writes and where that lies.
  ///
  /// `name@offset` counts scalars from the start of the arena; `+` means that a gradient is added to.
  public var text: String {
    let head =
      "batch \(batch), \(steps.count) steps, arena \(arenaCount) scalars, "
      + "\(parameters.reduce(0) { $0 + $1.specification.shape.count }) parameters"
    let lines = steps.enumerated().map { now, step in
      let node = shaped.graph.nodes[step.node]
      let reads: [String]
      let writes: [String]
      switch step.direction {
      case .forward:
        reads = step.inputs.map(show)
        writes = (step.outputs + step.saved).map(show)
      case .backward:
        reads = (step.outputGradients + step.saved).map(show) + retained(by: step).map(show)
        writes =
          step.inputGradients.compactMap(\.self).map {
            show($0.index) + ($0.accumulates ? "+" : "")
          }
          + step.parameterGradients.compactMap(\.self).map {
            "gradient of \(parameters[$0.index].name)" + ($0.accumulates ? "+" : "")
          }
      }
      let scratch =
        step.scratch.isEmpty ? "" : "; scratch " + step.scratch.map(show).joined(separator: ", ")
      return "\(now) \(step.direction.rawValue) \(node.name) (\(type(of: node.layer).type)): "
        + reads.joined(separator: ", ") + " -> " + writes.joined(separator: ", ") + scratch
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  private func show(_ buffer: Int) -> String {
    "\(buffers[buffer].label)@\(buffers[buffer].offset)"
  }

  private func retained(by step: Step) -> [Int] {
    (step.inputs.indices.filter { shaped.signatures[step.node].retains.contains(.input($0)) }
      .map { step.inputs[$0] })
      + (step.outputs.indices.filter { shaped.signatures[step.node].retains.contains(.output($0)) }
        .map { step.outputs[$0] })
  }
}
