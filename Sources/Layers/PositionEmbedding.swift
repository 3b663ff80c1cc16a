public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t] = x[n, t] + embeddings[t].
public struct PositionEmbedding: MaskKeepingLayer, IncrementalLayer {
  public static let type = "position_embedding"
  public static let manual = """
    Adds a learned vector to each position of a sequence.

    y[n, t] = x[n, t] + embeddings[t]

    Input [N, T, D], output of the same shape.
    Parameters: embeddings [L, D] with L = sequence_length, at least T; T itself if absent. The rows
    from T on are not used. As KerasHub, whose layer leaves the addition to its user.
    """
  public static let fields = [
    Field(
      "sequence_length", \PositionEmbedding.sequenceLength, .within(1...1 << 24),
      "L, how many positions there are vectors for; T if absent."),
    Field(
      "embeddings_initializer", \PositionEmbedding.embeddingsInitializer,
      "How the vectors begin."),
  ]

  public var sequenceLength: Int?
  /// The T of whole sequences, where one step comes a run.
  private var stepsOfWhole: Int?
  public var embeddingsInitializer = InitializerChoice(Initializers.RandomUniform())

  public init() {}

  public init(sequenceLength: Int?) { self.sequenceLength = sequenceLength }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one sequence [N, T, D]") { $0.rank == 3 }
    let length = sequenceLength ?? stepsOfWhole ?? x[1]
    guard x[1] <= length else {
      throw ShapeError(expects: "sequences no longer than \(length)", got: inputs)
    }
    var signature = Signature(outputs: [x])
    signature.parameters = [
      ParameterSpec(
        "embeddings", try Shape(checked: [length, x[2]]), embeddingsInitializer.value)
    ]
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    // The position of the next step.
    if stepsOfWhole != nil { signature.carried = [[1]] }
    return signature
  }

  public func keptMask(of count: Int) -> Int? { 0 }

  public static var isBounded: Bool { true }

  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    var layer = self
    layer.stepsOfWhole = inputs[0][1]
    return layer
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let x = pass.inputs[0]
    let first = pass.takePosition(stepsOfWhole) * x.shape[2]
    Bias.add(
      pass.parameters[0].base + first, toRows: x.base, into: pass.outputs[0].base, rows: x.shape[0],
      columns: x.shape[1] * x.shape[2], pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    if let gradient = pass.parameterGradients[0] {
      let dy = pass.outputGradients[0]
      let used = dy.shape[1] * dy.shape[2]
      // Position by position, so that how many there are changes no bit.
      Bias.sumsInOrder(
        dy.base, rows: dy.shape[0], columns: used, into: gradient.view.base,
        accumulate: gradient.accumulates, pool: pass.pool)
      if !gradient.accumulates {
        Elementwise.fill(
          0, into: gradient.view.base + used, count: gradient.view.count - used, pool: pass.pool)
      }
    }
    pass.passBack()
  }

  public static var samples: [Sample<PositionEmbedding>] {
    [
      Sample(PositionEmbedding(), inputs: [[3, 2, 4]]),
      Sample(PositionEmbedding(sequenceLength: 5), inputs: [[2, 3, 2]]),
    ]
  }
}
