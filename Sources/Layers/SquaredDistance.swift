public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// d[n] = Σ (a[n, ...] - b[n, ...])².
public struct SquaredDistance: Layer {
  public static let type = "squared_distance"
  public static let manual = """
    The squared distance of two inputs row by row, as of an image and its reconstruction.

    d[n] = sum over ... of (a[n, ...] - b[n, ...])^2

    Inputs a and b of one shape [N, ...], output [N, 1]: a score of how strange a row is.
    """
  public static let fields: [Field<SquaredDistance>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].rank >= 2 else {
      throw ShapeError(expects: "two inputs of one shape [N, ...]", got: inputs)
    }
    var signature = Signature(outputs: [[inputs[0][0], 1]])
    signature.retains = [.input(0), .input(1)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (a, b) = (pass.inputs[0], pass.inputs[1])
    let count = a.shape.dropFirst.count
    for row in 0..<a.shape[0] {
      pass.outputs[0][row] = S(
        ElementLosses.sum(
          .squared, a.base + row * count, .elements(UnsafePointer(b.base + row * count)),
          count: count, pool: pass.pool))
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (a, b, slopes) = (pass.inputs[0], pass.inputs[1], pass.outputGradients[0])
    let count = a.shape.dropFirst.count
    for input in 0..<2 {
      guard let gradient = pass.inputGradients[input] else { continue }
      let sign: S = input == 0 ? 1 : -1
      for row in 0..<a.shape[0] {
        ElementLosses.gradient(
          .squared, a.base + row * count, .elements(UnsafePointer(b.base + row * count)),
          factor: sign * slopes[row], into: gradient.view.base + row * count, count: count,
          accumulate: gradient.accumulates, pool: pass.pool)
      }
    }
  }

  public static var samples: [Sample<SquaredDistance>] {
    [
      Sample(SquaredDistance(), inputs: [[3, 4], [3, 4]]),
      Sample(SquaredDistance(), inputs: [[2, 2, 3], [2, 2, 3]]),
    ]
  }
}
