public import GraphIR
public import Settings
public import TensorCore

/// Each row of the batch under another shape, the numbers in the order of memory.
public struct Reshape: Layer {
  public static let type = "reshape"
  public static let manual = """
    Gives each row of the batch another shape of as many numbers.

    Input [N, ...], output [N, target_shape]. One axis of target_shape may be -1: it takes what is left.
    """
  public static let fields = [
    Field(
      "target_shape", \Reshape.targetShape, required: true,
      Bounds("each at least 1, or one of them -1") { shape in
        shape.allSatisfy { $0 >= 1 || $0 == -1 } && shape.count { $0 == -1 } <= 1
      }, "The shape of a row, without the batch.")
  ]

  public var targetShape: [Int] = []

  public init() {}

  public init(_ targetShape: [Int]) { self.targetShape = targetShape }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ...]") { $0.rank >= 1 }
    let row = x.dropFirst
    let known = try Shape(checked: targetShape.filter { $0 != -1 }).count
    let isFree = targetShape.contains(-1)
    guard isFree ? row.count.isMultiple(of: known) : row.count == known else {
      throw ShapeError(
        expects: "rows of \(isFree ? "a multiple of " : "")\(known) numbers, for target_shape "
          + "\(Shape.text(targetShape))", got: inputs)
    }
    let target = targetShape.map { $0 == -1 ? row.count / known : $0 }
    return .passingOn(as: try Shape(checked: [x[0]] + target))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { pass.passOn() }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<Reshape>] {
    [
      Sample(Reshape([3, 4]), inputs: [[2, 12]]),
      Sample(Reshape([2, -1, 3]), inputs: [[2, 3, 4]]),
    ]
  }
}
