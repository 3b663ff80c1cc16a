import Foundation
import Kernels
import Settings
import TensorCore

extension PrincipalComponents {
  /// The angles, in degrees from the least, between the subspace that the components span and the one of a matrix in a checkpoint.
  ///
  /// The matrix is the kernel of a layer, [F, K] from a row of the data or [K, F] to one; what is spanned are K directions
  /// of F numbers. Of a linear network that gives back its input the last layer, [K, F], is the one to look at: in the
  /// first, numbers that are the same in all rows may have any weight.
  ///
  /// Throws: `Problems` for a name that no tensor bears and for a shape that does not fit, what reading throws.
  public func angles(toward parameter: String, in checkpoint: Checkpoint) throws -> [Double] {
    let kernel = try checkpoint.matrix(parameter)
    let size = mean.count
    var rows = kernel.values
    switch (kernel.height, kernel.width) {
    case (1...size, size): break
    case (size, 1...size):
      for k in 0..<kernel.width {
        for i in 0..<size {
          rows[k * size + i] = kernel.values[i * kernel.width + k]
        }
      }
    default:
      throw Problems(
        Problem(
          "\(checkpoint.path): \"\(parameter)\" is [\(kernel.height), \(kernel.width)]; expected "
            + "[K, \(size)] or [\(size), K] with K at most \(size), the size of a row"))
    }
    return try PrincipalAngles.between(directions, rows, size: size).map { $0 * 180 / .pi }
  }
}
