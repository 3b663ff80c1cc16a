public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x Eᵀ + b, where E is the table of an embedding: a head that shares it.
public struct TiedDense: StepwiseLayer {
  public static let type = "tied_dense"
  public static let manual = """
    A dense layer whose kernel is the transpose of an embedding's table, for logits over its words.

    y[n, ..., v] = sum over u of x[n, ..., u] embeddings[v, u] + bias[v]

    Input [N, ..., U], output [N, ..., V] with V = units. "parameters_of" names the embedding whose
    table it shares: input_dim is V there, output_dim is U.
    Parameters: embeddings [V, U], bias [V]. As KerasHub's ReversibleEmbedding.
    Source: O. Press, L. Wolf, "Using the output embedding to improve language models", 2017.
    """
  public static let fields = [
    Field(
      "units", \TiedDense.units, required: true, .within(1...1 << 24),
      "V, how many numbers come out."),
    Field("use_bias", \TiedDense.useBias, "Whether a bias is added."),
    Field(
      "embeddings_initializer", \TiedDense.embeddingsInitializer,
      "How the table begins, where no embedding before says so."),
    Field("bias_initializer", \TiedDense.biasInitializer, "How the bias begins."),
  ]
  public static let sharesParametersOf: Set<String> = [Embedding.type]

  public var units = 1
  public var useBias = false
  public var embeddingsInitializer = InitializerChoice(Initializers.RandomUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(units: Int, useBias: Bool) {
    self.units = units
    self.useBias = useBias
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., U]") { $0.rank >= 2 }
    var signature = Signature(outputs: [try Shape(checked: x.dropLast.dimensions + [units])])
    signature.parameters = [
      ParameterSpec(
        "embeddings", try Shape(checked: [units, x.last]), embeddingsInitializer.value)
    ]
    let map = AffineMap(
      rows: try Shape(checked: [x.dropLast.count]).count, features: x.last, units: units,
      isTransposed: true)
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [units], biasInitializer.value))
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

  public static var samples: [Sample<TiedDense>] {
    [
      Sample(TiedDense(units: 5, useBias: false), inputs: [[2, 3, 4]]),
      Sample(TiedDense(units: 3, useBias: true), inputs: [[4, 2]]),
    ]
  }
}
