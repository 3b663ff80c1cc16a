import GraphIR
import Kernels
import TensorCore

/// The buffers of one trial and what was seen in them.
struct BenchRun<S: Scalar> {
  private let bench: Bench<S>
  private let trial: Trial
  private let inputs: [Guarded<S>]
  private let outputs: [Guarded<S>]
  private let parameters: [Guarded<S>]
  private let states: [Guarded<S>]
  private let carried: [Guarded<S>]
  private let saved: [Guarded<S>]
  private(set) var outcome = Outcome<S>()

  private var signature: Signature { bench.signature }

  init(_ bench: Bench<S>, _ trial: Trial) {
    self.bench = bench
    self.trial = trial
    var inputs = zip(bench.shapes, bench.inputs).map { Guarded($0, $1) }
    if let (first, second) = trial.sameInputs { inputs[second] = inputs[first] }
    self.inputs = inputs
    outputs = bench.signature.outputs.map { Guarded($0) }
    parameters = zip(bench.signature.parameters, bench.parameters).map { Guarded($0.shape, $1) }
    states = zip(bench.signature.states, bench.states).map { Guarded($0.shape, $1) }
    carried = zip(bench.signature.carried, bench.carried).map { Guarded($0, $1) }
    saved = bench.signature.saved.map { Guarded($0) }
  }

  private func outputView(_ index: Int) -> View<S> {
    index == 0 && trial.forwardInPlace
      ? inputs[0].view.reshaped(signature.outputs[0]) : outputs[index].view
  }

  mutating func forward(_ context: StepContext) {
    let scratch = signature.forwardScratch.map { Guarded<S>($0) }
    bench.layer.forward(
      Pass(
        inputs: inputs.map(\.view), outputs: outputs.indices.map(outputView),
        parameters: parameters.map(\.view), states: states.map(\.view),
        carried: carried.map(\.view), saved: saved.map(\.view), scratch: scratch.map(\.view),
        products: BoundProducts(bench.signature.forwardProducts, of: S.self), context: context,
        stream: 9))
    checkSentinels(
      inputs + outputs + parameters + states + carried + saved + scratch, "forward")
    outcome.outputs = outputs.indices.map { outputView($0).elements }
    outcome.states = (states + carried).map(\.view.elements)
    if outcome.outputs.contains(where: { $0.contains(where: \.isNaN) }) {
      outcome.complaints.append("forward leaves NaN in an output")
    }
    for (index, input) in inputs.enumerated() where !(index == 0 && trial.forwardInPlace) {
      if index == trial.sameInputs?.second { continue }
      checkUnchanged(input.view, bench.inputs[index], "forward changes input \(index)")
    }
  }

  mutating func backward(_ context: StepContext) {
    let scratch = signature.backwardScratch.map { Guarded<S>($0) }
    let outputGradients = zip(signature.outputs, bench.weights).map { Guarded($0, $1) }
    let gradients = makeGradients(outputGradients)
    // What backward may not read is NaN.
    let readInputs = inputs.indices.map {
      signature.retains.contains(.input($0)) ? inputs[$0] : Guarded<S>(bench.shapes[$0])
    }
    let unreadCarried = signature.carried.map { Guarded<S>($0) }
    let unreadOutputs = signature.outputs.map { Guarded<S>($0) }
    let readOutputs = outputs.indices.map {
      signature.retains.contains(.output($0)) ? outputView($0) : unreadOutputs[$0].view
    }
    let rowSets = bench.gradientShapes.indices.map(makeRowSet)
    let targets = zip(zip(gradients, rowSets), bench.gradientShapes).map { given, shape in
      given.0.map {
        Gradient($0.view.reshaped(shape), accumulates: trial.accumulates, rows: given.1)
      }
    }
    var inputTargets = Array(targets.prefix(inputs.count))
    if let second = trial.sameInputs?.second {
      inputTargets[second] = inputTargets[second].map { Gradient($0.view, accumulates: true) }
    }
    bench.layer.backward(
      Pass(
        inputs: readInputs.map(\.view), outputs: readOutputs,
        parameters: parameters.map(\.view), states: states.map(\.view),
        carried: unreadCarried.map(\.view), saved: saved.map(\.view),
        scratch: scratch.map(\.view), outputGradients: outputGradients.map(\.view),
        inputGradients: inputTargets, parameterGradients: Array(targets.dropFirst(inputs.count)),
        products: BoundProducts(bench.signature.backwardProducts, of: S.self), context: context,
        stream: 9))
    checkSentinels(
      readInputs + outputs + unreadOutputs + parameters + states + unreadCarried + saved
        + scratch + outputGradients + gradients.compactMap(\.self), "backward")
    outcome.gradients = gradients.map { $0?.view.elements }
    for (index, rows) in rowSets.enumerated() { checkRows(rows, outcome.gradients[index], index) }
    for (index, weights) in bench.weights.enumerated()
    where !(index == 0 && trial.backwardInPlace) {
      checkUnchanged(
        outputGradients[index].view, weights, "backward changes the gradient of output \(index)")
    }
    for (index, values) in bench.parameters.enumerated() {
      checkUnchanged(parameters[index].view, values, "the layer changes parameter \(index)")
    }
    for index in outputs.indices where signature.retains.contains(.output(index)) {
      checkUnchanged(
        outputView(index), outcome.outputs[index], "backward changes output \(index)")
    }
  }

  /// Where the gradients go: nil where they are omitted or there are none.
  private func makeGradients(_ outputGradients: [Guarded<S>]) -> [Guarded<S>?] {
    var gradients = bench.gradientShapes.enumerated().map { index, shape -> Guarded<S>? in
      if trial.omitted.contains(index) || signature.undifferentiable.contains(index) { return nil }
      if index == 0 && trial.backwardInPlace { return outputGradients[0] }
      if index == 0 && trial.overwritesInput { return inputs[0] }
      guard let rows = makeRowSet(index) else {
        return Guarded(shape, trial.accumulates ? bench.prior(index) : nil)
      }
      let width = shape.count / rows.tableRows
      return Guarded(shape, (0..<shape.count).map { rows.contains($0 / width) ? .nan : 0 })
    }
    if let (first, second) = trial.sameInputs { gradients[second] = gradients[first] }
    return gradients
  }

  /// The rows of a gradient that hold anything before backward, where it comes by rows.
  private func makeRowSet(_ index: Int) -> RowSet? {
    guard trial.givesRows, signature.rowGradients.contains(index - inputs.count) else { return nil }
    let rows = RowSet(of: bench.gradientShapes[index][0])
    for row in stride(from: 0, to: rows.tableRows, by: 2) { rows.insert(row) }
    return rows
  }

  private mutating func checkRows(_ rows: RowSet?, _ gradient: [S]?, _ index: Int) {
    guard let rows, let gradient else { return }
    let width = gradient.count / rows.tableRows
    if gradient.indices.contains(where: { gradient[$0] != 0 && !rows.contains($0 / width) }) {
      outcome.complaints.append("backward moves a row of gradient \(index) and does not say so")
    }
  }

  private mutating func checkSentinels(_ buffers: [Guarded<S>], _ direction: String) {
    if !buffers.allSatisfy(\.isIntact) {
      outcome.complaints.append("\(direction) writes past the end of a buffer")
    }
  }

  private mutating func checkUnchanged(_ view: View<S>, _ before: [S], _ complaint: String) {
    if !sameBits(view.elements, before) { outcome.complaints.append(complaint) }
  }
}
