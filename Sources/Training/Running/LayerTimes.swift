import Compilation
import GraphIR

/// What each layer of a plan's phase took: milliseconds, the rate of its products and that of the memory it names, and which
/// share that is of what the machine can do.
struct LayerTimes {
  /// The steps of one node.
  fileprivate struct Row {
    var name: String
    var type: String
    var forward = 0.0
    var backward = 0.0
    /// Floating-point operations of its products: in backward once for each kind of gradient that is asked for.
    var operations = 0.0
    /// Bytes of all tensors that it reads and writes in one direction and the other.
    var bytes = 0
    var total: Double { forward + backward }
  }

  private let rows: [Row]

  /// - Parameter runs: how often the plan ran while it was timed.
  init(_ plan: Plan, _ phase: Plan.Phase, _ timer: StepTimer, runs: Int) {
    var rows: [Int: Row] = [:]
    for number in phase.forward.lowerBound..<phase.backward.upperBound {
      let (step, seconds) = (plan.steps[number], timer.seconds[number])
      let node = plan.shaped.graph.nodes[step.node]
      var row =
        rows[step.node]
        ?? Row(
          name: node.name, type: type(of: node.layer).type)
      let work = 2 * Double(plan.shaped.signatures[step.node].multiplyAdds)
      if step.direction == .forward {
        row.forward += seconds / Double(runs)
        row.operations += work
      } else {
        row.backward += seconds / Double(runs)
        for gradients in [step.inputGradients, step.parameterGradients]
        where gradients.contains(where: { $0 != nil }) { row.operations += work }
      }
      row.bytes += plan.bytes(of: step)
      rows[step.node] = row
    }
    self.rows = rows.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A line for each layer, one for each type and one for all of them.
  ///
  /// - Parameter step: what a whole step took, with the updates.
  func table(title: String, step: Double, _ roofline: Roofline) -> TextTable {
    var types: [String: Row] = [:]
    for row in rows {
      types[row.type, default: Row(name: "all \(row.type)", type: "")].add(row)
    }
    var all = Row(name: "all layers", type: "")
    for row in rows { all.add(row) }
    let sums = types.values.sorted { $0.total > $1.total } + [all]
    var lines = (rows + sums).map { line($0, step, roofline) }
    lines.append(["step, with updates", "", "", number(step * 1e3), "100.0", "", "", ""])
    lines.append(
      [
        "the machine", "", "", "", "", number(roofline.flops * 1e-9, digits: 0),
        number(roofline.bandwidth * 1e-9, digits: 0), "100",
      ])
    return TextTable(
      title: title,
      columns: ["layer", "forward ms", "backward ms", "ms", "%", "GFLOP/s", "GB/s", "roof %"],
      rows: lines)
  }

  private func line(_ row: Row, _ step: Double, _ roofline: Roofline) -> [String] {
    let share = roofline.share(
      operations: row.operations, bytes: Double(row.bytes), seconds: row.total)
    return [
      row.name, number(row.forward * 1e3), number(row.backward * 1e3), number(row.total * 1e3),
      number(100 * row.total / step, digits: 1),
      row.operations > 0 ? number(row.operations / row.total * 1e-9, digits: 0) : "",
      number(Double(row.bytes) / row.total * 1e-9, digits: 0),
      number(100 * share, digits: 0),
    ]
  }

  private func number(_ value: Double, digits: Int = 3) -> String {
    ResultText.fixed(value, digits: digits)
  }
}

extension LayerTimes.Row {
  fileprivate mutating func add(_ other: Self) {
    forward += other.forward
    backward += other.backward
    operations += other.operations
    bytes += other.bytes
  }
}

extension Plan {
  /// Bytes of the tensors that a step reads and writes, each counted once.
  fileprivate func bytes(of step: Step) -> Int {
    let gradients = step.outputGradients + step.inputGradients.compactMap { $0?.index }
    var touched = step.inputs + step.outputs + step.saved + gradients
    if step.direction == .backward {
      let signature = shaped.signatures[step.node]
      touched = step.saved + gradients
      for retained in signature.retains {
        switch retained {
        case .input(let input): touched.append(step.inputs[input])
        case .output(let output): touched.append(step.outputs[output])
        }
      }
    }
    let weights = step.parameters + step.parameterGradients.compactMap { $0?.index }
    let count =
      touched.reduce(0) { $0 + buffers[$1].shape.count }
      + weights.reduce(0) { $0 + parameters[$1].specification.shape.count }
    return count * MemoryLayout<Float>.stride
  }
}
