public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// Long short-term memory over sequences [N, T, F]; see the manual below for its equations.
///
/// The products of all steps with the input are one product of matrices, as are the gradients of both kernels; a step by
/// itself multiplies only what the step before gave. Steps are taken where they lie, T U or T 4U numbers apart.
public struct LSTM: Layer {
  public static let type = "lstm"
  public static let manual = """
    Long short-term memory: a recurrent layer with gates, over sequences.

    [i f g o] = x[n, t] kernel + h[n, t-1] recurrent_kernel + bias, each U wide, in this order
    c[n, t] = sigmoid(f) c[n, t-1] + sigmoid(i) tanh(g)
    h[n, t] = sigmoid(o) tanh(c[n, t])

    h and c are 0 before the first step. Input [N, T, F]; output the last h [N, U] with U = units, or
    with return_sequences every h [N, T, U].
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
    let x = try inputs.only("one sequence [N, T, F]") { $0.rank == 3 }
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
    signature.retains = [.input(0)]
    if returnSequences { signature.retains.insert(.output(0)) }
    // dh and dc of one step, and the sums for the bias.
    signature.backwardScratch = [
      [x[0], units], [x[0], units],
      [Bias.columnSumsScratchCount(rows: rows, columns: 4 * units)],
    ]
    signature.products = [
      .init(rows: rows, columns: 4 * units, inner: x[2]),
      .init(rows: x[0], columns: 4 * units, inner: units, count: x[1]),
    ]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let steps = Steps(pass, units: units, hidden: hidden(pass))
    let (x, gates) = (pass.inputs[0], steps.gates)
    let width = 4 * units
    if useBias {
      Bias.fill(
        pass.parameters[2].base, intoRows: gates, rows: steps.rows, columns: width,
        pool: pass.pool)
    }
    parallelGEMM(
      pass.pool, m: steps.rows, n: width, k: x.shape.last, x.base, lda: x.shape.last,
      pass.parameters[0].base, ldb: width, accumulate: useBias, into: gates, ldc: width)
    for t in 0..<steps.count {
      if t > 0 {
        parallelGEMM(
          pass.pool, m: steps.batch, n: width, k: units, steps.hidden(t - 1).base,
          lda: steps.hidden(t - 1).stride, pass.parameters[1].base, ldb: width, accumulate: true,
          into: steps.gates(t).base, ldc: steps.gates(t).stride)
      }
      LSTMCell.forward(
        gates: steps.gates(t), previousCell: t > 0 ? steps.cell(t - 1) : nil,
        cell: steps.cell(t), output: steps.hidden(t), rows: steps.batch, units: units,
        pool: pass.pool)
    }
    if !returnSequences {
      let last = steps.hidden(steps.count - 1)
      Blocks.copy(
        last.base, from: last.stride, into: pass.outputs[0].base, to: units, rows: steps.batch,
        columns: units, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let steps = Steps(pass, units: units, hidden: hidden(pass))
    let (dh, dc) = (pass.scratch[0], pass.scratch[1])
    let width = 4 * units
    Elementwise.fill(0, into: dc.base, count: dc.count, pool: pass.pool)
    // Gates become their own gradients, last step first.
    for t in (0..<steps.count).reversed() {
      let isLast = t == steps.count - 1
      LSTMCell.backward(
        gates: steps.gates(t), previousCell: t > 0 ? steps.cell(t - 1) : nil, cell: steps.cell(t),
        outputGradient: outputGradient(pass, steps, t),
        hiddenGradient: isLast ? nil : StridedRows(dh.base, stride: units),
        cellGradient: StridedRows(dc.base, stride: units), into: steps.gates(t),
        rows: steps.batch, units: units, pool: pass.pool)
      if t > 0 {
        parallelGEMM(
          pass.pool, transposeB: true, m: steps.batch, n: units, k: width, steps.gates(t).base,
          lda: steps.gates(t).stride, pass.parameters[1].base, ldb: width, into: dh.base,
          ldc: units)
      }
    }
    writeGradients(pass, steps)
  }

  /// The gradients of input and parameters from those of the gates.
  private func writeGradients<S: Scalar>(_ pass: Pass<S>, _ steps: Steps<S>) {
    let (x, dz) = (pass.inputs[0], steps.gates)
    let (width, features) = (4 * units, x.shape.last)
    if let gradient = pass.inputGradients[0] {
      parallelGEMM(
        pass.pool, transposeB: true, m: steps.rows, n: features, k: width, dz, lda: width,
        pass.parameters[0].base, ldb: width, accumulate: gradient.accumulates,
        into: gradient.view.base, ldc: features)
    }
    if let gradient = pass.parameterGradients[0] {
      parallelGEMM(
        pass.pool, transposeA: true, m: features, n: width, k: steps.rows, x.base, lda: features,
        dz, ldb: width, accumulate: gradient.accumulates, into: gradient.view.base, ldc: width)
    }
    if useBias, let gradient = pass.parameterGradients[2] {
      Bias.columnSums(
        dz, rows: steps.rows, columns: width, into: gradient.view.base,
        accumulate: gradient.accumulates, scratch: pass.scratch[2].base, pool: pass.pool)
    }
    if let gradient = pass.parameterGradients[1] {
      // Every h times dz of the step behind it is one product of all h but the last with all dz but the first; what
      // meets there of two sequences, an end and a beginning, counts nothing once the beginnings are zero.
      for n in 0..<steps.batch {
        Elementwise.fill(0, into: steps.gates(0).row(n), count: width, pool: pass.pool)
      }
      parallelGEMM(
        pass.pool, transposeA: true, m: units, n: width, k: steps.rows - 1, hidden(pass),
        lda: units, dz + width, ldb: width, accumulate: gradient.accumulates,
        into: gradient.view.base, ldc: width)
    }
  }

  private func hidden<S: Scalar>(_ pass: Pass<S>) -> UnsafeMutablePointer<S> {
    returnSequences ? pass.outputs[0].base : pass.saved[2].base
  }

  /// What the output takes of step t: every step's where sequences are returned, else the last one's.
  private func outputGradient<S: Scalar>(
    _ pass: Pass<S>, _ steps: Steps<S>, _ t: Int
  ) -> StridedRows<S>? {
    let dy = pass.outputGradients[0].base
    if returnSequences { return StridedRows(dy + t * units, stride: steps.count * units) }
    return t == steps.count - 1 ? StridedRows(dy, stride: units) : nil
  }

  public static var samples: [Sample<LSTM>] {
    [
      Sample(LSTM(units: 3), inputs: [[2, 4, 3]]),
      Sample(LSTM(units: 2, returnSequences: true), inputs: [[3, 5, 2]]),
      Sample(LSTM(units: 2, returnSequences: true, useBias: false), inputs: [[2, 4, 1]]),
      Sample(LSTM(units: 1), inputs: [[1, 1, 1]]),
    ]
  }
}

/// The time steps of the tensors of one pass.
private struct Steps<S: Scalar> {
  /// N and T.
  let batch: Int
  let count: Int
  let units: Int
  /// [N, T, 4U], [N, T, U], [N, T, U].
  let gates: UnsafeMutablePointer<S>
  let cells: UnsafeMutablePointer<S>
  let hidden: UnsafeMutablePointer<S>

  init(_ pass: Pass<S>, units: Int, hidden: UnsafeMutablePointer<S>) {
    (batch, count) = (pass.inputs[0].shape[0], pass.inputs[0].shape[1])
    self.units = units
    (gates, cells) = (pass.saved[0].base, pass.saved[1].base)
    self.hidden = hidden
  }

  var rows: Int { batch * count }
  func gates(_ t: Int) -> StridedRows<S> {
    StridedRows(gates + t * 4 * units, stride: count * 4 * units)
  }
  func cell(_ t: Int) -> StridedRows<S> {
    StridedRows(cells + t * units, stride: count * units)
  }
  func hidden(_ t: Int) -> StridedRows<S> {
    StridedRows(hidden + t * units, stride: count * units)
  }
}

extension StridedRows {
  fileprivate func row(_ index: Int) -> UnsafeMutablePointer<S> { base + index * stride }
}
