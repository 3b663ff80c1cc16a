public import GraphIR
import Kernels
public import Settings
public import TensorCore

extension Initializers {
  /// A matrix whose rows or columns, whichever are fewer, are orthonormal.
  public struct Orthogonal: Initializer {
    public static let type = "orthogonal"
    public static let manual = """
      A random matrix whose rows or columns (whichever are fewer) are orthonormal, times gain.

      All axes but the last are the rows. Normal numbers A = Q R, the signs such that the diagonal of
      R is positive, so that Q is spread evenly over all orthogonal matrices. Source: A. Saxe et al.,
      "Exact solutions to the nonlinear dynamics of learning in deep linear networks", ICLR 2014.
      """
    public static let fields = [
      Field("gain", \Orthogonal.gain, "What the matrix is multiplied by.")
    ]

    public var gain = 1.0

    public init() {}

    public func objection(to shape: Shape) -> String? {
      shape.rank >= 2 ? nil : "is \(shape), and orthogonal takes a matrix"
    }

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      let columns = shape.last
      var matrix = random.normals(shape.count, mean: 0, deviation: 1)
      do {
        try Kernels.Orthogonal.factor(&matrix, rows: shape.count / columns, columns: columns)
      } catch {
        // Finite numbers and sides that the shape rules keep below 2^31 leave nothing to refuse.
        preconditionFailure(error.description)
      }
      return matrix.map { gain * $0 }
    }
  }
}
