public import TensorCore

/// Which windows of sequences hold nothing but steps that count.
public enum WholeWindows {
  /// y[n, o] = 1 where m[n, o stride + a dilation] is not 0 for every a below `window`, else 0.
  ///
  /// - Parameters:
  ///   - mask: m, [batch, steps].
  ///   - y: [batch, outputs]; every window lies in its sequence.
  public static func mark<S: Scalar>(
    _ mask: UnsafePointer<S>, batch: Int, steps: Int, window: Int, stride: Int, dilation: Int,
    into y: UnsafeMutablePointer<S>, outputs: Int
  ) {
    for sequence in 0..<batch {
      for output in 0..<outputs {
        let first = mask + sequence * steps + output * stride
        let isWhole = (0..<window).allSatisfy { first[$0 * dilation] != 0 }
        y[sequence * outputs + output] = isWhole ? 1 : 0
      }
    }
  }
}
