import CSIMD
import TensorCore

extension RandomStream {
  /// The stream as the vector kernels take it: the key, and the counter without the block's number.
  var forVectors: csimd_random {
    csimd_random(
      key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      stream: (
        UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: stream),
        UInt32(truncatingIfNeeded: stream >> 32)
      ))
  }
}
