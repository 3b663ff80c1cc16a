import TensorCore

/// What recurrent layers do with the numbers of a state.
extension UnsafeMutablePointer where Pointee: Scalar {
  /// Takes the numbers of another state, or zeros where there is none.
  @inline(__always)
  func take(_ other: UnsafeMutablePointer<Pointee>?, count: Int) {
    if let other { update(from: other, count: count) } else { update(repeating: 0, count: count) }
  }

  /// Adds other numbers to itself.
  @inline(__always)
  func add(_ other: UnsafeMutablePointer<Pointee>, count: Int) {
    for index in 0..<count { self[index] += other[index] }
  }
}
