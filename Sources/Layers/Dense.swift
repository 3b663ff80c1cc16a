public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x W + b on the last axis: x is [N, ..., F], W is [F, U], y is [N, ..., U].
public struct Dense: Layer {
  public static let type = "dense"
  public static let manual = """
    A fully connected layer: a matrix product on the last axis.

    y[n, ..., u] = sum over f of x[n, ..., f] kernel[f, u] + bias[u]

    Input [N, ..., F] of two axes or more, output [N, ..., U] with U = units.
    Parameters: kernel [F, U], bias [U].
    As Keras; PyTorch's Linear keeps the transpose of kernel.
    """
  public static let fields = [
    Field("units", \Dense.units, required: true, .atLeast(1), "U, how many numbers come out."),
    Field("use_bias", \Dense.useBias, "Whether a bias is added."),
    Field("kernel_initializer", \Dense.kernelInitializer, "How the kernel begins."),
    Field("bias_initializer", \Dense.biasInitializer, "How the bias begins."),
  ]

  public var units = 1
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(units: Int, useBias: Bool = true) {
    self.units = units
    self.useBias = useBias
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., F]") { $0.rank >= 2 }
    let features = x.last
    var signature = Signature(
      outputs: [try Shape(checked: x.dropLast.dimensions + [units])])
    signature.parameters = [
      ParameterSpec("kernel", try Shape(checked: [features, units]), kernelInitializer.value)
    ]
    let rows = try Shape(checked: [x.dropLast.count]).count
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [units], biasInitializer.value))
      signature.backwardScratch = [
        [Bias.columnSumsScratchCount(rows: rows, columns: units)]
      ]
    }
    signature.retains = [.input(0)]
    signature.products = [.init(rows: rows, columns: units, inner: features)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y, kernel) = (pass.inputs[0], pass.outputs[0], pass.parameters[0])
    let (features, rows) = (kernel.shape[0], y.count / units)
    if useBias {
      Bias.fill(
        pass.parameters[1].base, intoRows: y.base, rows: rows, columns: units, pool: pass.pool)
    }
    parallelGEMM(
      pass.pool, m: rows, n: units, k: features, x.base, lda: features, kernel.base, ldb: units,
      accumulate: useBias, into: y.base, ldc: units)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (x, dy, kernel) = (pass.inputs[0], pass.outputGradients[0], pass.parameters[0])
    let (features, rows) = (kernel.shape[0], dy.count / units)
    // dx = dy Wᵀ
    if let gradient = pass.inputGradients[0] {
      parallelGEMM(
        pass.pool, transposeB: true, m: rows, n: features, k: units, dy.base, lda: units,
        kernel.base, ldb: units, accumulate: gradient.accumulates, into: gradient.view.base,
        ldc: features)
    }
    // dW = xᵀ dy
    if let gradient = pass.parameterGradients[0] {
      parallelGEMM(
        pass.pool, transposeA: true, m: features, n: units, k: rows, x.base, lda: features,
        dy.base, ldb: units, accumulate: gradient.accumulates, into: gradient.view.base,
        ldc: units)
    }
    if useBias, let gradient = pass.parameterGradients[1] {
      Bias.columnSums(
        dy.base, rows: rows, columns: units, into: gradient.view.base,
        accumulate: gradient.accumulates, scratch: pass.scratch[0].base, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Dense>] {
    [
      Sample(Dense(units: 3), inputs: [[4, 5]]),
      Sample(Dense(units: 2, useBias: false), inputs: [[3, 4]]),
      Sample(Dense(units: 4), inputs: [[2, 3, 2, 3]]),
    ]
  }
}
