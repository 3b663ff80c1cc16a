public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t] = x[n] for every step t.
public struct RepeatVector: Layer {
  public static let type = "repeat_vector"
  public static let manual = """
    Makes a sequence of one vector, the same at every step, as for a decoder that reads a code.

    y[n, t, f] = x[n, f]

    Input [N, F], output [N, n, F] with n steps. As Keras.
    """
  public static let fields = [
    Field(
      "n", \RepeatVector.count, required: true, .within(1...1 << 20), "How many steps there are.")
  ]

  public var count = 1

  public init() {}

  public init(_ count: Int) { self.count = count }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, F]") { $0.rank == 2 }
    return Signature(outputs: [try Shape(checked: [x[0], count, x[1]])])
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let features = x.shape[1]
    for step in 0..<count {
      Blocks.copy(
        x.base, from: features, into: y.base + step * features, to: count * features,
        rows: x.shape[0], columns: features, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (dy, dx) = (pass.outputGradients[0], gradient.view)
    let features = dx.shape[1]
    for step in 0..<count {
      Blocks.copy(
        dy.base + step * features, from: count * features, into: dx.base, to: features,
        rows: dx.shape[0], columns: features, accumulate: gradient.accumulates || step > 0,
        pool: pass.pool)
    }
  }

  public static var samples: [Sample<RepeatVector>] {
    [
      Sample(RepeatVector(3), inputs: [[2, 4]]),
      Sample(RepeatVector(1), inputs: [[3, 2]]),
    ]
  }
}
