public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// Long short-term memory over sequences [N, T, F]; see the manual below for its equations.
///
/// The products of all steps with the input are one product of matrices, as are the gradients of both kernels; a step by
/// itself multiplies only what the step before gave.
public struct LSTM: RecurrentLayer {
  static let stateCount = 2

  public static let type = "lstm"
  public static let manual = """
    Long short-term memory: a recurrent layer with gates, over sequences.

    [i f g o] = x[n, t] kernel + h[n, t-1] recurrent_kernel + bias, each U wide, in this order
    c[n, t] = sigmoid(f) c[n, t-1] + sigmoid(i) tanh(g)
    h[n, t] = sigmoid(o) tanh(c[n, t])

    Input [N, T, F]; output the last h [N, U] with U = units, or with return_sequences every h
    [N, T, U].
    With return_state the outputs are that and the h and c [N, U] behind the last step, "lstm:1" and
    "lstm:2" to those who read them. Inputs may be the sequence alone, or the sequence and initial h
    and c [N, U]; without them h and c are 0 before the first step. With stateful they are what they
    were behind the last step of the batch before, whose row n the row n of this one continues;
    gradients end there (truncated back-propagation through time), and each epoch begins with 0. With
    go_backwards the last step comes first; each h stays at its step, unlike Keras, which turns them
    round.
    Steps that a mask calls padding change neither h nor c.
    Parameters: kernel [F, 4U], recurrent_kernel [U, 4U], bias [4U]. With unit_forget_bias the part of
    the bias that belongs to f begins at 1.
    As Keras. PyTorch has the same order of gates, transposed kernels, and two biases that add up.
    Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997; F. Gers et al., "Learning to
    forget", 2000.
    """
  public static let fields = [
    Field("units", \LSTM.units, required: true, .atLeast(1), "U, the width of h and c."),
    Field(
      "return_sequences", \LSTM.returnSequences,
      "Whether every step's h comes out, or the last one alone."),
    Field(
      "return_state", \LSTM.returnState, "Whether the last h and c come out too."),
    Field(
      "go_backwards", \LSTM.goBackwards, "Whether the last step in time comes first."),
    Field(
      "stateful", \LSTM.isStateful,
      "Whether each batch continues the sequences of the one before, row by row."),
    Field("use_bias", \LSTM.useBias, "Whether a bias is added."),
    Field(
      "unit_forget_bias", \LSTM.unitForgetBias,
      "Whether the bias of the forget gate begins at 1."),
    Field("kernel_initializer", \LSTM.kernelInitializer, "How the kernel begins."),
    Field(
      "recurrent_initializer", \LSTM.recurrentInitializer, "How the recurrent kernel begins."),
    Field("bias_initializer", \LSTM.biasInitializer, "How the bias begins."),
  ]

  public var units = 1
  public var returnSequences = false
  public var returnState = false
  public var goBackwards = false
  public var isStateful = false
  public var isMasked = false
  var isIncremental = false
  public var useBias = true
  public var unitForgetBias = true
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
    let gates = try Shape(checked: [x[0], x[1], 4 * units])
    let rows = try Shape(checked: [x[0] * x[1]]).count
    var signature = Signature(outputs: [returnSequences ? hidden : [x[0], units]])
    signature.parameters = [
      ParameterSpec("kernel", try Shape(checked: [x[2], 4 * units]), kernelInitializer.value),
      ParameterSpec(
        "recurrent_kernel", try Shape(checked: [units, 4 * units]), recurrentInitializer.value),
    ]
    if useBias {
      let initializer: any Initializer =
        unitForgetBias
        ? Initializers.UnitForgetBias(others: biasInitializer) : biasInitializer.value
      signature.parameters.append(ParameterSpec("bias", [4 * units], initializer))
    }
    // The gates, c, and where it is not the output, h.
    signature.saved = [gates, hidden] + (returnSequences ? [] : [hidden])
    if returnSequences { signature.retains.insert(.output(0)) }
    try addStates(to: &signature, x, hasInitial: hasInitial)
    signature.forwardScratch = [[LSTMSequences<Float>.scratchCount(units: units)]]
    // dh and dc of one step, the recurrent kernel, and the sums for the bias.
    signature.backwardScratch = [
      [x[0], units], [x[0], units], [LSTMSequences<Float>.scratchCount(units: units)],
      [Bias.columnSumsScratchCount(rows: rows, columns: 4 * units)],
    ]
    signature.products = [
      .init(rows: rows, columns: 4 * units, inner: x[2]),
      .init(rows: x[0], columns: 4 * units, inner: units, count: x[1]),
    ]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    takeCarried(pass)
    multiplyInput(
      width: 4 * units, bias: useBias ? UnsafePointer(pass.parameters[2].base) : nil, pass)
    recurrence(pass).forward(
      kernel: pass.parameters[1].base, scratch: pass.scratch[0].base, pool: pass.pool)
    give(hidden(pass), 0, pass)
    give(pass.saved[1].base, 1, pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (dz, width) = (pass.saved[0].base, 4 * units)
    recurrence(pass).backward(
      kernel: pass.parameters[1].base, outputGradient: pass.outputGradients[0].base,
      ofEveryStep: returnSequences,
      finalGradient: finalGradient(pass, 0).flatMap { hidden in
        finalGradient(pass, 1).map { (hidden: hidden, cell: $0) }
      },
      hiddenGradient: pass.scratch[0].base, cellGradient: pass.scratch[1].base,
      reachesInitial: reachesInitial(pass), scratch: pass.scratch[2].base, pool: pass.pool)
    giveInitialGradient(pass.scratch[0], 0, pass)
    giveInitialGradient(pass.scratch[1], 1, pass)
    productGradients(
      dz, width: width, hidden: hidden(pass), scratch: pass.scratch[3], pass)
  }

  private func recurrence<S: Scalar>(_ pass: Pass<S>) -> LSTMSequences<S> {
    LSTMSequences(
      sequences(pass), units: units, gates: pass.saved[0].base, cells: pass.saved[1].base,
      hidden: hidden(pass),
      initial: initial(pass, 0).flatMap { hidden in
        initial(pass, 1).map { (hidden: hidden, cell: $0) }
      })
  }

  private func hidden<S: Scalar>(_ pass: Pass<S>) -> UnsafeMutablePointer<S> {
    returnSequences ? pass.outputs[0].base : pass.saved[2].base
  }

  public static var samples: [Sample<LSTM>] {
    [
      Sample(LSTM(units: 3), inputs: [[2, 4, 3]]),
      Sample(LSTM(units: 2, returnSequences: true), inputs: [[3, 5, 2]]),
      Sample(LSTM(units: 2, returnSequences: true, useBias: false), inputs: [[2, 4, 1]]),
      Sample(LSTM(units: 1), inputs: [[1, 1, 1]]),
    ]
      + LSTM(units: 2).recurrentSamples
  }
}
