public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// A learned position in front of every sequence: y = [token, x_1, ..., x_T].
public struct ClassToken: MaskJoiningLayer {
  public static let type = "class_token"
  public static let manual = """
    Puts a learned vector in front of every sequence, to gather what the whole of it says.

    y[n, 0] = token     y[n, t + 1] = x[n, t]

    Input [N, T, D], output [N, T + 1, D]. Where steps are padding they stay so; the vector is none.
    Parameters: token [D].
    Source: A. Dosovitskiy et al., "An image is worth 16x16 words", 2021.
    """
  public static let fields = [
    Field("token_initializer", \ClassToken.tokenInitializer, "How the vector begins.")
  ]

  public var tokenInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one sequence [N, T, D]") { $0.rank == 3 }
    let length = x[1].addingReportingOverflow(1)
    var signature = Signature(
      outputs: [try Shape(checked: [x[0], length.overflow ? 0 : length.partialValue, x[2]])])
    signature.parameters = [ParameterSpec("token", [x[2]], tokenInitializer.value)]
    return signature
  }

  public func maskJoiner(of masked: [Bool]) -> (any Layer)? { JoinedMask(stepsBefore: 1) }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let (features, length) = (x.shape[2], y.shape[1])
    Blocks.copy(
      x.base, from: (length - 1) * features, into: y.base + features, to: length * features,
      rows: x.shape[0], columns: (length - 1) * features, pool: pass.pool)
    for n in 0..<x.shape[0] {
      (y.base + n * length * features).update(from: pass.parameters[0].base, count: features)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let dy = pass.outputGradients[0]
    let (features, length) = (dy.shape[2], dy.shape[1])
    if let gradient = pass.inputGradients[0] {
      Blocks.copy(
        dy.base + features, from: length * features, into: gradient.view.base,
        to: (length - 1) * features, rows: dy.shape[0], columns: (length - 1) * features,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
    if let gradient = pass.parameterGradients[0] {
      // Sums the first position of every sequence, in the order of the batch.
      for n in 0..<dy.shape[0] {
        Blocks.copy(
          dy.base + n * length * features, from: features, into: gradient.view.base, to: features,
          rows: 1, columns: features, accumulate: gradient.accumulates || n > 0, pool: pass.pool)
      }
    }
  }

  public static var samples: [Sample<ClassToken>] {
    [Sample(ClassToken(), inputs: [[3, 2, 4]]), Sample(ClassToken(), inputs: [[1, 1, 1]])]
  }
}
