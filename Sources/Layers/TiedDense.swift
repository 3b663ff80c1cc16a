public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x Eᵀ + b, where E is the table of an embedding: a head that shares it.
public struct TiedDense: Layer {
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
    let rows = try Shape(checked: [x.dropLast.count]).count
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [units], biasInitializer.value))
      signature.backwardScratch = [[Bias.columnSumsScratchCount(rows: rows, columns: units)]]
    }
    signature.retains = [.input(0)]
    signature.products = [.init(rows: rows, columns: units, inner: x.last)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let (features, rows) = (x.shape.last, y.count / units)
    if useBias {
      Bias.fill(
        pass.parameters[1].base, intoRows: y.base, rows: rows, columns: units, pool: pass.pool)
    }
    parallelGEMM(
      pass.pool, transposeB: true, m: rows, n: units, k: features, x.base, lda: features,
      pass.parameters[0].base, ldb: features, accumulate: useBias, into: y.base, ldc: units)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (x, dy) = (pass.inputs[0], pass.outputGradients[0])
    let (features, rows) = (x.shape.last, dy.count / units)
    // dx = dy E
    if let gradient = pass.inputGradients[0] {
      parallelGEMM(
        pass.pool, m: rows, n: features, k: units, dy.base, lda: units, pass.parameters[0].base,
        ldb: features, accumulate: gradient.accumulates, into: gradient.view.base, ldc: features)
    }
    // dE = dyᵀ x
    if let gradient = pass.parameterGradients[0] {
      parallelGEMM(
        pass.pool, transposeA: true, m: units, n: features, k: rows, dy.base, lda: units, x.base,
        ldb: features, accumulate: gradient.accumulates, into: gradient.view.base, ldc: features)
    }
    if useBias, let gradient = pass.parameterGradients[1] {
      Bias.columnSums(
        dy.base, rows: rows, columns: units, into: gradient.view.base,
        accumulate: gradient.accumulates, scratch: pass.scratch[0].base, pool: pass.pool)
    }
  }

  public static var samples: [Sample<TiedDense>] {
    [
      Sample(TiedDense(units: 5, useBias: false), inputs: [[2, 3, 4]]),
      Sample(TiedDense(units: 3, useBias: true), inputs: [[4, 2]]),
    ]
  }
}
