import GraphIR
import TensorCore

/// Checks between passes: a pass that breaks a plan is named at once, not by wrong numbers an hour later.
extension Plan {
  /// Every step reads only what an earlier one wrote, within its lifetime.
  func verifyOrder() {
    var written = Set(
      values.compactMap { source, buffer in
        if case .input = source { buffer } else { nil }
      })
    written.formUnion(phases.flatMap(\.seeds).compactMap(\.self))
    for (now, step) in steps.enumerated() {
      let signature = shaped.signatures[step.node]
      written.formUnion(step.cleared)
      for buffer in reads(of: step, signature) {
        let label = buffers[buffer].label
        precondition(written.contains(buffer), "step \(now) reads \(label) before it is written")
        precondition(
          buffers[buffer].lifetime.contains(now), "step \(now) reads \(label) after its end")
      }
      for target in step.inputGradients.compactMap(\.self) {
        precondition(
          target.accumulates == written.contains(target.index),
          "step \(now) mistakes whether \(buffers[target.index].label) was written")
        written.insert(target.index)
      }
      written.formUnion(writes(of: step))
    }
  }

  /// Buffers that are alive together and do not share lie apart.
  func verifyMemory() {
    for (index, one) in buffers.enumerated() {
      precondition(
        one.offset + one.shape.count <= arenaCount, "\(one.label) leaves the arena")
      for other in buffers[..<index]
      where one.storage != other.storage && one.lifetime.overlaps(other.lifetime) {
        precondition(
          one.offset + one.shape.count <= other.offset
            || other.offset + other.shape.count <= one.offset,
          "\(one.label) and \(other.label) overlap")
      }
    }
  }

  private func reads(of step: Step, _ signature: Signature) -> [Int] {
    switch step.direction {
    case .forward: return step.inputs
    case .backward:
      let retained = signature.retains.map {
        switch $0 {
        case .input(let input): step.inputs[input]
        case .output(let output): step.outputs[output]
        }
      }
      return step.saved + step.outputGradients + retained
    }
  }

  private func writes(of step: Step) -> [Int] {
    switch step.direction {
    case .forward: step.outputs + step.saved
    case .backward: step.inputGradients.compactMap { $0?.index }
    }
  }
}
