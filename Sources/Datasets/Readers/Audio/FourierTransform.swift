import Foundation

/// The discrete Fourier transform of N numbers, N a power of two: X[k] = Σ_n x[n] e^(-2πi k n / N).
///
/// In the order of Cooley and Tukey, radix 2: the numbers are put in the order of their bit-reversed places, then
/// transforms of 2, 4, ... N of them are made of two of half the size.
struct FourierTransform: Sendable {
  let count: Int
  private let reversed: [Int]
  /// e^(-2πi k / N) for k below N / 2.
  private let cosines: [Float]
  private let sines: [Float]

  /// - Parameter count: a power of two.
  init(_ count: Int) {
    precondition(count > 0 && count & (count - 1) == 0, "a power of two")
    self.count = count
    let bits = count.trailingZeroBitCount
    reversed = (0..<count).map { place in
      (0..<bits).reduce(0) { $0 | (place >> $1 & 1) << (bits - 1 - $1) }
    }
    let angles = (0..<count / 2).map { -2 * Double.pi * Double($0) / Double(count) }
    cosines = angles.map { Float(cos($0)) }
    sines = angles.map { Float(sin($0)) }
  }

  /// |X[k]|² for k from 0 to N / 2 of real numbers.
  func power(of values: [Float]) -> [Float] {
    var real = [Float](repeating: 0, count: count)
    var imaginary = real
    for place in 0..<count { real[place] = values[reversed[place]] }
    var size = 2
    while size <= count {
      let half = size / 2
      let stride = count / size
      for start in Swift.stride(from: 0, to: count, by: size) {
        for offset in 0..<half {
          let (low, high) = (start + offset, start + offset + half)
          let (c, s) = (cosines[offset * stride], sines[offset * stride])
          let r = real[high] * c - imaginary[high] * s
          let i = real[high] * s + imaginary[high] * c
          (real[high], imaginary[high]) = (real[low] - r, imaginary[low] - i)
          (real[low], imaginary[low]) = (real[low] + r, imaginary[low] + i)
        }
      }
      size *= 2
    }
    return (0...count / 2).map { real[$0] * real[$0] + imaginary[$0] * imaginary[$0] }
  }
}
