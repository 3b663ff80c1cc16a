import TensorCore

// The vector kernels are C functions on `float`. A generic function that has found `S.vectors` reaches them
// through these views of the same memory.

extension UnsafePointer {
  /// The same memory as `Float`; only where `Pointee` is `Float`.
  @inline(__always)
  var asFloat: UnsafePointer<Float> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Float.self)
  }

  /// The same memory as `Double`; only where `Pointee` is `Double`.
  @inline(__always)
  var asDouble: UnsafePointer<Double> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Double.self)
  }
}

extension UnsafeMutablePointer {
  /// The same memory as `Float`; only where `Pointee` is `Float`.
  @inline(__always)
  var asFloat: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Float.self)
  }

  /// The same memory as `Double`; only where `Pointee` is `Double`.
  @inline(__always)
  var asDouble: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Double.self)
  }
}
