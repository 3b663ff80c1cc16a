public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// The axes of every row in another order.
public struct Permute: StepwiseLayer {
  public static let type = "permute"
  public static let manual = """
    Puts the axes of every row in another order, as to map along time where dense maps features.

    y[n, i_1, ..., i_k] = x[n, ...], where axis j of y is axis dims[j] of x

    Input [N, A_1, ..., A_k], output [N, A_dims[1], ..., A_dims[k]]. Axes are counted from 1, the batch
    is none of them: dims [2, 1] makes [N, F, T] of [N, T, F]. At most 4 axes. Where some steps are
    padding, time must stay the first axis. As Keras.
    """
  public static let fields = [
    Field(
      "dims", \Permute.dims, required: true,
      Bounds("the numbers 1 ... k, each once, k at most \(AxisOrder.maximumRank)") { dims in
        !dims.isEmpty && dims.count <= AxisOrder.maximumRank
          && dims.sorted() == Array(1...dims.count)
      }, "Which axis of a row each axis of the output is, from 1.")
  ]

  public var dims: [Int] = [1]

  public init() {}

  public init(_ dims: [Int]) { self.dims = dims }

  public var isStepwise: Bool { dims.first == 1 }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ...] with \(dims.count) axes behind the batch") {
      $0.rank == dims.count + 1
    }
    return Signature(outputs: [Shape([x[0]] + dims.map { x[$0] })])
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    AxisOrder(
      rows: x.shape[0], rank: dims.count, extent: { x.shape[$0 + 1] }, source: { dims[$0] - 1 }
    ).apply(x.base, into: y.base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let dy = pass.outputGradients[0]
    // The way back: an axis of x is the one of y that was made of it.
    AxisOrder(
      rows: dy.shape[0], rank: dims.count, extent: { dy.shape[$0 + 1] },
      source: { axis in dims.firstIndex(of: axis + 1) ?? axis }
    ).apply(
      dy.base, into: gradient.view.base, accumulate: gradient.accumulates, pool: pass.pool)
  }

  public static var samples: [Sample<Permute>] {
    [
      Sample(Permute([2, 1]), inputs: [[2, 3, 4]]),
      Sample(Permute([3, 1, 2]), inputs: [[2, 3, 4, 2]]),
      Sample(Permute([2, 1, 3]), inputs: [[2, 3, 4, 2]]),
      Sample(Permute([3, 2, 1]), inputs: [[2, 3, 2, 3]]),
      Sample(Permute([4, 2, 1, 3]), inputs: [[1, 2, 3, 2, 3]]),
      Sample(Permute([1]), inputs: [[2, 3]]),
    ]
  }
}
