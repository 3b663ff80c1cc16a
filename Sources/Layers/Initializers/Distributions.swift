import Foundation
import TensorCore

/// The distributions that initializers draw from, an element a number of the stream.
extension RandomStream {
  /// Numbers between `low` (included) and `high`.
  func uniforms(_ count: Int, from low: Double, to high: Double) -> [Double] {
    inFours(count) { low + (high - low) * uniforms(block: $0) }
  }

  /// Normal numbers.
  func normals(_ count: Int, mean: Double, deviation: Double) -> [Double] {
    inFours(count) { mean + deviation * normals(block: $0) }
  }

  /// The first `count` numbers of blocks of four.
  private func inFours(_ count: Int, _ four: (Int) -> SIMD4<Double>) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: 4) {
      let block = four(first / 4)
      for index in 0..<min(4, count - first) { values.append(block[index]) }
    }
    return values
  }

  /// Normal numbers of which those farther than two deviations from the mean are drawn again, as in Keras.
  func truncatedNormals(_ count: Int, mean: Double, deviation: Double) -> [Double] {
    (0..<count).map { index in
      var draw = self
      while abs(draw.normal(index)) > 2 { draw.step += 1 }
      return mean + deviation * draw.normal(index)
    }
  }

  /// Numbers of mean 0 and variance `scale` / `fan`, uniform or (truncated) normal.
  ///
  /// Variance scaling, K. He et al., "Delving deep into rectifiers", ICCV 2015, in the manner of Keras.
  func scaled(_ count: Int, scale: Double, fan: Double, isNormal: Bool) -> [Double] {
    let variance = scale / max(1, fan)
    guard isNormal else {
      let limit = (3 * variance).squareRoot()
      return uniforms(count, from: -limit, to: limit)
    }
    // The standard deviation of a standard normal that is truncated at 2 is 0.8796...
    return truncatedNormals(
      count, mean: 0, deviation: variance.squareRoot() / 0.879_625_661_034_239_78)
  }
}
