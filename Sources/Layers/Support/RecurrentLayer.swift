import GraphIR
import Kernels
import TensorCore

/// What recurrent layers have in common: a sequence, states before and behind it, a mask.
protocol RecurrentLayer: MaskedLayer, IncrementalLayer {
  var units: Int { get }
  var useBias: Bool { get }
  var returnSequences: Bool { get set }
  var returnState: Bool { get set }
  var goBackwards: Bool { get set }
  var isStateful: Bool { get set }
  /// Whether one step comes a run; what was carried then counts from the second on, before it any initial states.
  var isIncremental: Bool { get set }
  /// How many tensors [N, U] its state is.
  static var stateCount: Int { get }
}

extension RecurrentLayer {
  public func keptMask(of count: Int) -> Int? { returnSequences ? 0 : nil }

  public static var isBounded: Bool { false }

  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    if goBackwards { throw ShapeError("goes backwards, so it cannot be run step by step") }
    if !returnSequences {
      throw ShapeError("gives its last step alone, so it cannot be run step by step")
    }
    var layer = self
    (layer.isStateful, layer.isIncremental) = (true, true)
    return layer
  }

  /// The shapes of the sequence and whether initial states come with it.
  ///
  /// Throws: `ShapeError` where the inputs are others than x, x and the states, and with a mask behind them.
  func read(_ inputs: [Shape]) throws(ShapeError) -> (x: Shape, hasInitial: Bool) {
    let given = isMasked ? inputs.dropLast() : inputs[...]
    let names = Self.stateCount == 1 ? "h" : "h and c"
    guard let x = given.first, x.rank == 3, given.count == 1 || given.count == 1 + Self.stateCount,
      given.dropFirst().allSatisfy({ $0.dimensions == [x[0], units] })
    else {
      throw ShapeError(
        expects: "one sequence [N, T, F], or a sequence and its initial \(names) [N, \(units)]",
        got: Array(given))
    }
    if let mask = inputs.last, isMasked, mask.dimensions != [x[0], x[1]] {
      throw ShapeError(expects: "a mask [\(x[0]), \(x[1])]", got: [mask])
    }
    if isStateful, !isIncremental, given.count > 1 {
      throw ShapeError("is stateful, so it takes no initial state as an input")
    }
    return (x, given.count > 1)
  }

  /// The parts of a signature that follow from states and mask; the caller adds its own to `saved` before.
  func addStates(
    to signature: inout Signature, _ x: Shape, hasInitial: Bool
  ) throws(ShapeError) {
    let state = try Shape(checked: [x[0], units])
    if returnState { signature.outputs += (0..<Self.stateCount).map { _ in state } }
    if isStateful {
      signature.carried = (0..<Self.stateCount).map { _ in state }
      // What was carried here, for backward.
      signature.saved += signature.carried
      // How many steps there were.
      if isIncremental, hasInitial { signature.carried.append([1]) }
    }
    signature.retains.insert(.input(0))
    if hasInitial {
      for number in 0..<Self.stateCount { signature.retains.insert(.input(1 + number)) }
    }
    if isMasked {
      let mask = hasInitial ? 1 + Self.stateCount : 1
      signature.retains.insert(.input(mask))
      signature.undifferentiable.insert(mask)
    }
  }

  /// The sequences of a pass.
  func sequences<S: Scalar>(_ pass: Pass<S>) -> Sequences<S> {
    Sequences(
      batch: pass.inputs[0].shape[0], steps: pass.inputs[0].shape[1], isReversed: goBackwards,
      mask: isMasked ? UnsafePointer(pass.inputs[pass.inputs.count - 1].base) : nil)
  }

  /// A state before the first step: an input, or what was carried here; nil for zeros.
  func initial<S: Scalar>(_ pass: Pass<S>, _ number: Int) -> UnsafeMutablePointer<S>? {
    if isStateful { return pass.saved[pass.saved.count - Self.stateCount + number].base }
    let given = pass.inputs.count - (isMasked ? 1 : 0)
    return given > 1 ? pass.inputs[1 + number].base : nil
  }

  /// Copies what was carried to where backward finds it.
  func takeCarried<S: Scalar>(_ pass: Pass<S>) {
    guard isStateful else { return }
    var isFirst = false
    if pass.carried.count > Self.stateCount {
      let count = pass.carried[Self.stateCount]
      isFirst = count[0] == 0
      count[0] += 1
    }
    for number in 0..<Self.stateCount {
      let source = isFirst ? pass.inputs[1 + number] : pass.carried[number]
      pass.saved[pass.saved.count - Self.stateCount + number].copy(from: source.base)
    }
  }

  /// Writes a state behind the last step, which lies in `state` [N, T, U], to outputs and to what is carried.
  func give<S: Scalar>(
    _ state: UnsafeMutablePointer<S>, _ number: Int, _ pass: Pass<S>
  ) {
    let (batch, steps) = (pass.inputs[0].shape[0], pass.inputs[0].shape[1])
    let last = state + sequences(pass).time(steps - 1) * units
    func give(_ target: View<S>) {
      Blocks.copy(
        last, from: steps * units, into: target.base, to: units, rows: batch, columns: units,
        pool: pass.pool)
    }
    if number == 0, !returnSequences { give(pass.outputs[0]) }
    if returnState { give(pass.outputs[1 + number]) }
    if isStateful { give(pass.carried[number]) }
  }

  /// The gradient of a state behind the last step, where it is an output.
  func finalGradient<S: Scalar>(
    _ pass: Pass<S>, _ number: Int
  ) -> UnsafeMutablePointer<S>? {
    returnState ? pass.outputGradients[1 + number].base : nil
  }

  /// Whether a gradient of an initial state is asked for.
  func reachesInitial<S: Scalar>(_ pass: Pass<S>) -> Bool {
    !isStateful
      && pass.inputGradients.indices.contains { $0 > 0 && pass.inputGradients[$0] != nil }
  }

  /// Writes the gradient of an initial state, where it is asked for.
  func giveInitialGradient<S: Scalar>(_ gradient: View<S>, _ number: Int, _ pass: Pass<S>) {
    guard !isStateful, pass.inputGradients.indices.contains(1 + number),
      let target = pass.inputGradients[1 + number]
    else { return }
    Elementwise.copy(
      gradient.base, into: target.view.base, count: gradient.count,
      accumulate: target.accumulates, pool: pass.pool)
  }

  /// z = x W + b of all steps at once, into what is saved first: [N, T, width].
  func multiplyInput<S: Scalar>(width: Int, bias: UnsafePointer<S>?, _ pass: Pass<S>) {
    let features = pass.inputs[0].shape.last
    parallelGEMM(
      pass.pool, m: sequences(pass).rows, n: width, k: features, pass.inputs[0].base, lda: features,
      pass.parameters[0].base, ldb: width, bias: bias, into: pass.saved[0].base, ldc: width)
  }

  /// The gradients of x, W, b and U where z = x W + h U + b, as far as they are asked for; clears dz of the first steps.
  ///
  /// - Parameters:
  ///   - dz: [N, T, width].
  ///   - hidden: h of every step.
  ///   - scratch: for the sums of the bias.
  func productGradients<S: Scalar>(
    _ dz: UnsafeMutablePointer<S>, width: Int, hidden: UnsafePointer<S>, scratch: View<S>,
    _ pass: Pass<S>
  ) {
    inputGradient(dz, width: width, pass)
    kernelGradient(dz, width: width, into: pass.parameterGradients[0], pass)
    if useBias, let gradient = pass.parameterGradients[2] {
      stepSums(
        dz, width: width, into: gradient.view.base, accumulate: gradient.accumulates,
        scratch: scratch, pass)
    }
    if let gradient = pass.parameterGradients[1] {
      // Last, as it clears what the first steps had.
      RecurrentGradient.write(
        hidden: hidden, initial: initial(pass, 0).map { UnsafePointer($0) }, gates: dz,
        width: width, sequences(pass), units: units, columns: width, into: gradient.view.base,
        stride: width, accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  /// dx = dz Wᵀ, where it is asked for.
  func inputGradient<S: Scalar>(_ dz: UnsafePointer<S>, width: Int, _ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let features = pass.inputs[0].shape.last
    parallelGEMM(
      pass.pool, transposeB: true, m: sequences(pass).rows, n: features, k: width, dz, lda: width,
      pass.parameters[0].base, ldb: width, accumulate: gradient.accumulates,
      into: gradient.view.base, ldc: features)
  }

  /// dW = Σ xᵀ dz of the input's kernel, where it is asked for.
  func kernelGradient<S: Scalar>(
    _ dz: UnsafePointer<S>, width: Int, into gradient: Gradient<S>?, _ pass: Pass<S>
  ) {
    guard let gradient else { return }
    let (x, sequences) = (pass.inputs[0], sequences(pass))
    let features = x.shape.last
    if let mask = sequences.mask {
      PaddedSums(batch: sequences.batch, steps: sequences.steps, mask: mask).products(
        m: features, n: width, x.base, lda: features, dz, ldb: width,
        accumulate: gradient.accumulates, into: gradient.view.base, ldc: width, pool: pass.pool)
    } else {
      parallelGEMM(
        pass.pool, transposeA: true, m: features, n: width, k: sequences.rows, x.base,
        lda: features, dz, ldb: width, accumulate: gradient.accumulates,
        into: gradient.view.base, ldc: width)
    }
  }

  /// Σ dz over all steps.
  func stepSums<S: Scalar>(
    _ dz: UnsafePointer<S>, width: Int, into sums: UnsafeMutablePointer<S>, accumulate: Bool,
    scratch: View<S>, _ pass: Pass<S>
  ) {
    let sequences = sequences(pass)
    if let mask = sequences.mask {
      PaddedSums(batch: sequences.batch, steps: sequences.steps, mask: mask).columns(
        dz, width, accumulate: accumulate, into: sums)
    } else {
      Bias.columnSums(
        dz, rows: sequences.rows, columns: width, into: sums, accumulate: accumulate,
        scratch: scratch.base, pool: pass.pool)
    }
  }

  /// Itself with states, masks and the other direction, in all ways.
  var recurrentSamples: [Sample<Self>] {
    let states = (0..<Self.stateCount).map { _ in Shape([2, units]) }
    func sample(
      _ inputs: [Shape], _ values: [Sample<Self>.Values] = [], _ change: (inout Self) -> Void
    ) -> Sample<Self> {
      var layer = self
      change(&layer)
      return Sample(layer, inputs: inputs, values: values)
    }
    let normal = (0...Self.stateCount).map { _ in Sample<Self>.Values.normal }
    return [
      sample([[2, 3, 2]] + states) { $0.returnState = true },
      sample([[2, 4, 2]] + states) { ($0.returnSequences, $0.goBackwards) = (true, true) },
      sample([[2, 3, 3]]) { ($0.isStateful, $0.returnSequences) = (true, true) },
      sample([[2, 2, 1]]) { ($0.isStateful, $0.returnState) = (true, true) },
      sample([[2, 5, 2], [2, 5]], [.normal, .binary]) {
        ($0.isMasked, $0.returnSequences) = (true, true)
      },
      sample([[2, 4, 2]] + states + [[2, 4]], normal + [.binary]) {
        ($0.isMasked, $0.returnState, $0.goBackwards) = (true, true, true)
      },
      sample([[2, 4, 2], [2, 4]], [.normal, .binary]) { $0.isMasked = true },
    ]
  }
}
