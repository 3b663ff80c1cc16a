public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, m] = x[n, p[n, m]]: positions of each sequence, chosen by whole numbers.
public struct GatherRows: Layer {
  public static let type = "gather_rows"
  public static let manual = """
    Takes chosen positions out of each sequence, such as those of the masked words.

    y[n, m] = x[n, p[n, m]]

    Inputs: x [N, T, ...] and p [N, M], whole numbers 0 ..< T; output [N, M, ...]. A number outside
    gives a vector that is not a number, and so does the loss. p gets no gradient.
    """
  public static let fields: [Field<GatherRows>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0].rank >= 2, inputs[1].rank == 2, inputs[0][0] == inputs[1][0]
    else { throw ShapeError(expects: "x [N, T, ...] and positions [N, M]", got: inputs) }
    let x = inputs[0]
    var signature = Signature(
      outputs: [try Shape(checked: inputs[1].dimensions + x.dimensions.dropFirst(2))])
    signature.retains = [.input(1)]
    signature.undifferentiable = [1]
    signature.values = [1: .integers(below: x[1])]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, positions) = (pass.inputs[0], pass.inputs[1])
    let (length, count) = (x.shape[1], positions.shape[1])
    let units = pass.outputs[0].count / positions.count
    for n in 0..<x.shape[0] {
      Kernels.Embedding.gather(
        x.base + n * length * units, vocabulary: length, units: units,
        tokens: positions.base + n * count, count: count,
        into: pass.outputs[0].base + n * count * units, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (positions, dx, dy) = (pass.inputs[1], gradient.view, pass.outputGradients[0])
    let (length, count) = (dx.shape[1], positions.shape[1])
    let units = dy.count / positions.count
    for n in 0..<dx.shape[0] {
      Kernels.Embedding.scatterAdd(
        dy.base + n * count * units, tokens: positions.base + n * count, count: count,
        units: units, vocabulary: length, into: dx.base + n * length * units,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<GatherRows>] {
    [
      Sample(
        GatherRows(), inputs: [[3, 4, 2], [3, 2]], values: [.normal, .integers(below: 4)]),
      Sample(
        GatherRows(), inputs: [[2, 3], [2, 5]], values: [.normal, .integers(below: 3)]),
    ]
  }
}
