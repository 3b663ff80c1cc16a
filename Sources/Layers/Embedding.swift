public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, ..., u] = embeddings[x[n, ...], u], x holding whole numbers.
public struct Embedding: StepwiseLayer, MaskingLayer {
  public static let type = "embedding"
  public static let manual = """
    Looks up a learned vector for each whole number: a word, a class.

    y[n, ..., u] = embeddings[x[n, ...], u]

    Input [N, ...] of numbers 0 ..< V, output [N, ..., U] with V = input_dim and U = output_dim. A
    number outside gives a vector that is not a number, and so does the loss. The input gets no
    gradient. With mask_zero a 0 is padding, which layers behind leave out.
    Parameters: embeddings [V, U]. As Keras and PyTorch.
    """
  public static let fields = [
    Field(
      "input_dim", \Embedding.inputDimension, required: true, .within(1...1 << 24),
      "V, how many vectors there are."),
    Field(
      "output_dim", \Embedding.outputDimension, required: true, .atLeast(1),
      "U, how long each vector is."),
    Field(
      "mask_zero", \Embedding.maskZero,
      "Whether the number 0 is padding behind or before a sequence."),
    Field(
      "embeddings_initializer", \Embedding.embeddingsInitializer, "How the vectors begin."),
  ]

  public var inputDimension = 1
  public var outputDimension = 1
  public var maskZero = false
  public var embeddingsInitializer = InitializerChoice(Initializers.RandomUniform())

  public init() {}

  public init(inputDimension: Int, outputDimension: Int) {
    self.inputDimension = inputDimension
    self.outputDimension = outputDimension
  }

  public var maskMaker: (any Layer)? { maskZero ? StepMask() : nil }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ...] of whole numbers") { $0.rank >= 1 }
    var signature = Signature(outputs: [try Shape(checked: x.dimensions + [outputDimension])])
    signature.parameters = [
      ParameterSpec(
        "embeddings", try Shape(checked: [inputDimension, outputDimension]),
        embeddingsInitializer.value)
    ]
    signature.rowGradients = [0]
    signature.retains = [.input(0)]
    signature.undifferentiable = [0]
    signature.values = [0: .integers(below: inputDimension)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    Kernels.Embedding.gather(
      pass.parameters[0].base, vocabulary: inputDimension, units: outputDimension,
      tokens: pass.inputs[0].base, count: pass.inputs[0].count, into: pass.outputs[0].base,
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.parameterGradients[0] else { return }
    Kernels.Embedding.scatterAdd(
      pass.outputGradients[0].base, tokens: pass.inputs[0].base, count: pass.inputs[0].count,
      units: outputDimension, vocabulary: inputDimension, into: gradient.view.base,
      accumulate: gradient.accumulates, rows: gradient.rows, pool: pass.pool)
  }

  public static var samples: [Sample<Embedding>] {
    [
      Sample(
        Embedding(inputDimension: 5, outputDimension: 3), inputs: [[2, 4]],
        values: [.integers(below: 5)]),
      Sample(
        Embedding(inputDimension: 3, outputDimension: 2), inputs: [[4]],
        values: [.integers(below: 3)]),
    ]
  }
}
