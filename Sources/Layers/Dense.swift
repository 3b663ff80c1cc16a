public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x W + b on the last axis: x is [N, ..., F], W is [F, U], y is [N, ..., U].
public struct Dense: StepwiseLayer {
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
    }
    signature.backwardScratch = [
      [AffineMap(rows: rows, features: features, units: units).gradientScratchCount]
    ]
    signature.retains = [.input(0)]
    signature.products = [.init(rows: rows, columns: units, inner: features)]
    return signature
  }

  private func map<S: Scalar>(_ pass: Pass<S>) -> AffineMap {
    AffineMap(
      rows: pass.outputs[0].count / units, features: pass.parameters[0].shape[0], units: units)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    map(pass).forward(
      pass.inputs[0].base, pass.parameters[0].base,
      bias: useBias ? UnsafePointer(pass.parameters[1].base) : nil, into: pass.outputs[0].base,
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    map(pass).gradients(
      pass.inputs[0].base, pass.parameters[0].base, pass.outputGradients[0].base,
      dx: pass.inputGradients[0], dkernel: pass.parameterGradients[0],
      dbias: useBias ? pass.parameterGradients[1] : nil, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }

  public static var samples: [Sample<Dense>] {
    [
      Sample(Dense(units: 3), inputs: [[4, 5]]),
      Sample(Dense(units: 2, useBias: false), inputs: [[3, 4]]),
      Sample(Dense(units: 4), inputs: [[2, 3, 2, 3]]),
    ]
  }
}
