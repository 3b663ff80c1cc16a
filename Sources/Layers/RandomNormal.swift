public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = mean + stddev z, z of the standard normal distribution, new at every step.
public struct RandomNormal: Layer {
  public static let type = "random_normal"
  public static let manual = """
    A source of normal random numbers, as a generator of images begins with.

    y[n, ...] = mean + stddev z[n, ...], z of the standard normal distribution

    No input, output [N, shape]. The numbers follow from the seed, the layer and the step.
    """
  public static let fields = [
    Field(
      "shape", \RandomNormal.shape, required: true, .each(.atLeast(1)),
      "The shape of a row, without the batch."),
    Field("mean", \RandomNormal.mean, "The mean."),
    Field("stddev", \RandomNormal.stddev, .atLeast(0), "The standard deviation."),
  ]

  public var shape: [Int] = []
  public var mean = 0.0
  public var stddev = 1.0

  public init() {}

  public init(_ shape: [Int]) { self.shape = shape }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.isEmpty else { throw ShapeError(expects: "no input", got: inputs) }
    return Signature(outputs: [try Shape(checked: [batch] + shape)])
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    RandomFill.normal(
      into: pass.outputs[0].base, count: pass.outputs[0].count, mean: mean, deviation: stddev,
      random: pass.random, pool: pass.pool)
  }

  /// Nothing reaches it.
  public func backward<S: Scalar>(_ pass: Pass<S>) {}

  public static var samples: [Sample<RandomNormal>] {
    var narrow = RandomNormal([5])
    (narrow.mean, narrow.stddev) = (2, 0.1)
    return [Sample(RandomNormal([2, 3]), inputs: []), Sample(narrow, inputs: [])]
  }
}
