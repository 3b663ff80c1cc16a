public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x Wᵀ + b on the last axis: x is [N, ..., F], W is [U, F], y is [N, ..., U].
public struct DenseTranspose: StepwiseLayer {
  public static let type = "dense_transpose"
  public static let manual = """
    A dense layer whose kernel is transposed, for a decoder that shares the weights of its encoder.

    y[n, ..., u] = sum over f of x[n, ..., f] kernel[u, f] + output_bias[u]

    Input [N, ..., F] of two axes or more, output [N, ..., U] with U = units. "parameters_of" names the
    dense layer whose kernel it shares, which is the way back from its outputs to its inputs: units is
    what goes into that layer, F is its units.
    Parameters: kernel [U, F], output_bias [U], since the dense layer's bias is another.
    """
  public static let fields = [
    Field(
      "units", \DenseTranspose.units, required: true, .within(1...1 << 24),
      "U, how many numbers come out."),
    Field("use_bias", \DenseTranspose.useBias, "Whether a bias is added."),
    Field(
      "kernel_initializer", \DenseTranspose.kernelInitializer,
      "How the kernel begins, where no layer before says so."),
    Field("bias_initializer", \DenseTranspose.biasInitializer, "How the bias begins."),
  ]
  public static let sharesParametersOf: Set<String> = [Dense.type]

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
    let map = AffineMap(
      rows: try Shape(checked: [x.dropLast.count]).count, features: x.last, units: units,
      isTransposed: true)
    var signature = Signature(outputs: [try Shape(checked: x.dropLast.dimensions + [units])])
    signature.parameters = [
      ParameterSpec(
        "kernel", try Shape(checked: [units, x.last]), kernelInitializer.value, fanIn: x.last,
        fanOut: units)
    ]
    if useBias {
      signature.parameters.append(ParameterSpec("output_bias", [units], biasInitializer.value))
    }
    signature.backwardScratch = [[map.gradientScratchCount]]
    signature.retains = [.input(0)]
    signature.products = [.init(rows: map.rows, columns: units, inner: x.last)]
    return signature
  }

  private func map<S: Scalar>(_ pass: Pass<S>) -> AffineMap {
    AffineMap(
      rows: pass.outputs[0].count / units, features: pass.parameters[0].shape[1], units: units,
      isTransposed: true)
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

  public static var samples: [Sample<DenseTranspose>] {
    [
      Sample(DenseTranspose(units: 3), inputs: [[4, 5]]),
      Sample(DenseTranspose(units: 5, useBias: false), inputs: [[2, 3, 4]]),
    ]
  }
}
