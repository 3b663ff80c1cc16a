public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// A simple recurrent network over sequences [N, T, F]; see the manual below for its equation.
///
/// The products of all steps with the input are one product of matrices, as are the gradients of both kernels; a step by
/// itself multiplies only what the step before gave.
public struct SimpleRNN: RecurrentLayer {
  /// a.
  public enum Activation: String, CaseIterable, SettingValue {
    case tanh
    case relu
  }

  static let stateCount = 1

  public static let type = "simple_rnn"
  public static let manual = """
    A simple recurrent network: each step sees the input and what came of the step before.

    h[n, t] = a(x[n, t] kernel + h[n, t-1] recurrent_kernel + bias), a = activation

    Input [N, T, F]; output the last h [N, U] with U = units, or with return_sequences every h
    [N, T, U].
    With return_state the outputs are that and the h [N, U] behind the last step, "simple_rnn:1" to
    those who read it. Inputs may be the sequence alone, or the sequence and its initial h [N, U];
    without it h is 0 before the first step. With stateful it is what it was behind the last step of the
    batch before, whose row n the row n of this one continues; gradients end there (truncated
    back-propagation through time), and each epoch begins with 0. With go_backwards the last step comes
    first; each h stays at its step, unlike Keras, which turns them round. Steps that a mask calls
    padding do not change h.
    Parameters: kernel [F, U], recurrent_kernel [U, U], bias [U].
    As Keras. PyTorch's RNN has transposed kernels and two biases that add up.
    Source: J. Elman, "Finding structure in time", 1990.
    """
  public static let fields = [
    Field("units", \SimpleRNN.units, required: true, .atLeast(1), "U, the width of h."),
    Field("activation", \SimpleRNN.activation, "a, the function in each step."),
    Field(
      "return_sequences", \SimpleRNN.returnSequences,
      "Whether every step's h comes out, or the last one alone."),
    Field("return_state", \SimpleRNN.returnState, "Whether the last h comes out too."),
    Field(
      "go_backwards", \SimpleRNN.goBackwards, "Whether the last step in time comes first."),
    Field(
      "stateful", \SimpleRNN.isStateful,
      "Whether each batch continues the sequences of the one before, row by row."),
    Field("use_bias", \SimpleRNN.useBias, "Whether a bias is added."),
    Field("kernel_initializer", \SimpleRNN.kernelInitializer, "How the kernel begins."),
    Field(
      "recurrent_initializer", \SimpleRNN.recurrentInitializer, "How the recurrent kernel begins."),
    Field("bias_initializer", \SimpleRNN.biasInitializer, "How the bias begins."),
  ]

  public var units = 1
  public var activation = Activation.tanh
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

  public init(
    units: Int, activation: Activation = .tanh, returnSequences: Bool = false,
    useBias: Bool = true
  ) {
    (self.units, self.activation) = (units, activation)
    (self.returnSequences, self.useBias) = (returnSequences, useBias)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let (x, hasInitial) = try read(inputs)
    let hidden = try Shape(checked: [x[0], x[1], units])
    let rows = try Shape(checked: [x[0] * x[1]]).count
    var signature = Signature(outputs: [returnSequences ? hidden : [x[0], units]])
    signature.parameters = [
      ParameterSpec("kernel", try Shape(checked: [x[2], units]), kernelInitializer.value),
      ParameterSpec(
        "recurrent_kernel", try Shape(checked: [units, units]), recurrentInitializer.value),
    ]
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [units], biasInitializer.value))
    }
    // The sums, and where it is not the output, h.
    signature.saved = [hidden] + (returnSequences ? [] : [hidden])
    if returnSequences { signature.retains.insert(.output(0)) }
    try addStates(to: &signature, x, hasInitial: hasInitial)
    let kernel = SimpleRNNSequences<Float>.scratchCount(units: units)
    signature.forwardScratch = [[kernel]]
    // dh of one step, the recurrent kernel, and the sums for the bias.
    signature.backwardScratch = [
      [x[0], units], [kernel], [Bias.columnSumsScratchCount(rows: rows, columns: units)],
    ]
    signature.products = [
      .init(rows: rows, columns: units, inner: x[2]),
      .init(rows: x[0], columns: units, inner: units, count: x[1]),
    ]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    takeCarried(pass)
    multiplyInput(
      width: units, bias: useBias ? UnsafePointer(pass.parameters[2].base) : nil, pass)
    recurrence(pass).forward(
      kernel: pass.parameters[1].base, scratch: pass.scratch[0].base, pool: pass.pool)
    give(hidden(pass), 0, pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let dz = pass.saved[0].base
    recurrence(pass).backward(
      kernel: pass.parameters[1].base, outputGradient: pass.outputGradients[0].base,
      ofEveryStep: returnSequences, finalGradient: finalGradient(pass, 0),
      hiddenGradient: pass.scratch[0].base, reachesInitial: reachesInitial(pass),
      scratch: pass.scratch[1].base, pool: pass.pool)
    giveInitialGradient(pass.scratch[0], 0, pass)
    productGradients(
      dz, width: units, hidden: hidden(pass), scratch: pass.scratch[2], pass)
  }

  private func recurrence<S: Scalar>(_ pass: Pass<S>) -> SimpleRNNSequences<S> {
    SimpleRNNSequences(
      sequences(pass), units: units, activation: activation == .tanh ? .tanh : .relu,
      sums: pass.saved[0].base, hidden: hidden(pass), initial: initial(pass, 0))
  }

  private func hidden<S: Scalar>(_ pass: Pass<S>) -> UnsafeMutablePointer<S> {
    returnSequences ? pass.outputs[0].base : pass.saved[1].base
  }

  public static var samples: [Sample<SimpleRNN>] {
    [
      Sample(SimpleRNN(units: 3), inputs: [[2, 4, 3]]),
      Sample(SimpleRNN(units: 2, returnSequences: true), inputs: [[3, 5, 2]]),
      Sample(
        SimpleRNN(units: 3, activation: .relu, returnSequences: true, useBias: false),
        inputs: [[2, 4, 2]]),
      Sample(SimpleRNN(units: 1), inputs: [[1, 1, 1]]),
    ]
      + SimpleRNN(units: 2).recurrentSamples
  }
}
