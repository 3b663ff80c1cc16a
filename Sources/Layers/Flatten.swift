public import GraphIR
public import Settings
public import TensorCore

/// [N, ...] becomes [N, F], the numbers in the order of memory.
public struct Flatten: Layer {
  public static let type = "flatten"
  public static let manual = """
    Makes each row of the batch a vector, as before a dense layer.

    Input [N, ...], output [N, F], where F is the product of all axes but the first. The numbers keep
    their order: of an image [N, H, W, C], the channels of one pixel stay neighbours.
    """
  public static let fields: [Field<Flatten>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ...]") { $0.rank >= 1 }
    return .passingOn(as: try Shape(checked: [x[0], x.dropFirst.count]))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { pass.passOn() }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<Flatten>] {
    [Sample(Flatten(), inputs: [[3, 2, 2, 3]]), Sample(Flatten(), inputs: [[3]])]
  }
}
