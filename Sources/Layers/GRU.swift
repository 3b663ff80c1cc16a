public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// A gated recurrent unit over sequences [N, T, F]; see the manual below for its equations.
///
/// The products of all steps with the input are one product of matrices, as are the gradients of both kernels; a step by
/// itself multiplies only what the step before gave.
public struct GRU: RecurrentLayer {
  static let stateCount = 1

  public static let type = "gru"
  public static let manual = """
    Gated recurrent unit: a recurrent layer with two gates, over sequences.

    [z r n] = x[n, t] kernel + bias[0];  [z' r' n'] = h[n, t-1] recurrent_kernel + bias[1]
    u = sigmoid(z + z'); v = sigmoid(r + r'); w = tanh(n + v n')
    h[n, t] = u h[n, t-1] + (1 - u) w

    Each of z, r, n is U wide. Input [N, T, F]; output the last h [N, U] with U = units, or with
    return_sequences every h [N, T, U].
    With return_state the outputs are that and the h [N, U] behind the last step, "gru:1" to those who
    read it. Inputs may be the sequence alone, or the sequence and its initial h [N, U]; without it h is
    0 before the first step. With stateful it is what it was behind the last step of the batch before,
    whose row n the row n of this one continues; gradients end there (truncated back-propagation through
    time), and each epoch begins with 0. With go_backwards the last step comes first; each h stays at
    its step, unlike Keras, which turns them round. Steps that a mask calls padding do not change h.
    Parameters: kernel [F, 3U], recurrent_kernel [U, 3U], bias [2, 3U].
    As Keras with reset_after, which is its default. PyTorch has the order r, z, n and transposed
    kernels.
    Source: K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
    """
  public static let fields = [
    Field("units", \GRU.units, required: true, .atLeast(1), "U, the width of h."),
    Field(
      "return_sequences", \GRU.returnSequences,
      "Whether every step's h comes out, or the last one alone."),
    Field(
      "return_state", \GRU.returnState, "Whether the last h comes out too."),
    Field(
      "go_backwards", \GRU.goBackwards, "Whether the last step in time comes first."),
    Field(
      "stateful", \GRU.isStateful,
      "Whether each batch continues the sequences of the one before, row by row."),
    Field("use_bias", \GRU.useBias, "Whether biases are added."),
    Field("kernel_initializer", \GRU.kernelInitializer, "How the kernel begins."),
    Field(
      "recurrent_initializer", \GRU.recurrentInitializer, "How the recurrent kernel begins."),
    Field("bias_initializer", \GRU.biasInitializer, "How the biases begin."),
  ]

  public var units = 1
  public var returnSequences = false
  public var returnState = false
  public var goBackwards = false
  public var isStateful = false
  public var isMasked = false
  var isIncremental = false
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var recurrentInitializer = InitializerChoice(Initializers.Orthogonal())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(units: Int, returnSequences: Bool = false, useBias: Bool = true) {
    self.units = units
    self.returnSequences = returnSequences
    self.useBias = useBias
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let (x, hasInitial) = try read(inputs)
    let hidden = try Shape(checked: [x[0], x[1], units])
    let gates = try Shape(checked: [x[0], x[1], 3 * units])
    let rows = try Shape(checked: [x[0] * x[1]]).count
    var signature = Signature(outputs: [returnSequences ? hidden : [x[0], units]])
    signature.parameters = [
      ParameterSpec("kernel", try Shape(checked: [x[2], 3 * units]), kernelInitializer.value),
      ParameterSpec(
        "recurrent_kernel", try Shape(checked: [units, 3 * units]), recurrentInitializer.value),
    ]
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [2, 3 * units], biasInitializer.value))
    }
    // The gates, n', and where it is not the output, h.
    signature.saved = [gates, hidden] + (returnSequences ? [] : [hidden])
    if returnSequences { signature.retains.insert(.output(0)) }
    try addStates(to: &signature, x, hasInitial: hasInitial)
    let kernel = GRUSequences<Float>.scratchCount(units: units)
    signature.forwardScratch = [[3 * units], [kernel]]
    // dh of one step, the recurrent kernel, the sums for the biases and their parts.
    signature.backwardScratch = [
      [x[0], units], [kernel], [4 * units],
      [Bias.columnSumsScratchCount(rows: rows, columns: 3 * units)],
    ]
    signature.products = [
      .init(rows: rows, columns: 3 * units, inner: x[2]),
      .init(rows: x[0], columns: 3 * units, inner: units, count: x[1]),
    ]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let width = 3 * units
    takeCarried(pass)
    var productBias: UnsafePointer<S>?
    if useBias {
      // Of z and r both biases simply add up.
      let (bias, sum) = (pass.parameters[2].base, pass.scratch[0].base)
      for u in 0..<width { sum[u] = u < 2 * units ? bias[u] + bias[width + u] : bias[u] }
      productBias = UnsafePointer(bias + width + 2 * units)
    }
    multiplyInput(
      width: width, bias: useBias ? UnsafePointer(pass.scratch[0].base) : nil, pass)
    recurrence(pass).forward(
      kernel: pass.parameters[1].base, bias: productBias, scratch: pass.scratch[1].base,
      pool: pass.pool)
    give(hidden(pass), 0, pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (da, dq, width) = (pass.saved[0].base, pass.saved[1].base, 3 * units)
    recurrence(pass).backward(
      kernel: pass.parameters[1].base, outputGradient: pass.outputGradients[0].base,
      ofEveryStep: returnSequences, finalGradient: finalGradient(pass, 0),
      hiddenGradient: pass.scratch[0].base, reachesInitial: reachesInitial(pass),
      scratch: pass.scratch[1].base, pool: pass.pool)
    giveInitialGradient(pass.scratch[0], 0, pass)
    inputGradient(da, width: width, pass)
    kernelGradient(da, width: width, into: pass.parameterGradients[0], pass)
    if useBias, let gradient = pass.parameterGradients[2] {
      writeBiasGradient(da, dq, into: gradient, pass)
    }
    if let gradient = pass.parameterGradients[1] {
      // Last, as it clears what the first steps had.
      let initial = initial(pass, 0).map { UnsafePointer($0) }
      let target = gradient.view.base
      RecurrentGradient.write(
        hidden: hidden(pass), initial: initial, gates: da, width: width, sequences(pass),
        units: units,
        columns: 2 * units, into: target, stride: width, accumulate: gradient.accumulates,
        pool: pass.pool)
      RecurrentGradient.write(
        hidden: hidden(pass), initial: initial, gates: dq, width: units, sequences(pass),
        units: units,
        columns: units, into: target + 2 * units, stride: width,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  /// The biases of z and r have one gradient, those of n and n' their own.
  private func writeBiasGradient<S: Scalar>(
    _ da: UnsafePointer<S>, _ dq: UnsafePointer<S>, into gradient: Gradient<S>,
    _ pass: Pass<S>
  ) {
    let (width, sums) = (3 * units, pass.scratch[2].base)
    stepSums(
      da, width: width, into: sums, accumulate: false, scratch: pass.scratch[3], pass)
    stepSums(
      dq, width: units, into: sums + width, accumulate: false, scratch: pass.scratch[3], pass)
    let bias = gradient.view.base
    for u in 0..<2 * width {
      let sum = sums[u < width ? u : u < 2 * width - units ? u - width : u - 2 * units]
      bias[u] = gradient.accumulates ? bias[u] + sum : sum
    }
  }

  private func recurrence<S: Scalar>(_ pass: Pass<S>) -> GRUSequences<S> {
    GRUSequences(
      sequences(pass), units: units, gates: pass.saved[0].base, products: pass.saved[1].base,
      hidden: hidden(pass), initial: initial(pass, 0))
  }

  private func hidden<S: Scalar>(_ pass: Pass<S>) -> UnsafeMutablePointer<S> {
    returnSequences ? pass.outputs[0].base : pass.saved[2].base
  }

  public static var samples: [Sample<GRU>] {
    [
      Sample(GRU(units: 3), inputs: [[2, 4, 3]]),
      Sample(GRU(units: 2, returnSequences: true), inputs: [[3, 5, 2]]),
      Sample(GRU(units: 2, returnSequences: true, useBias: false), inputs: [[2, 4, 1]]),
      Sample(GRU(units: 1), inputs: [[1, 1, 1]]),
    ]
      + GRU(units: 2).recurrentSamples
  }
}
