import TensorCore

extension RandomStream {
  /// The random numbers of one row.
  ///
  /// In training they are others in each epoch. Elsewhere they are the same at every evaluation, and none that training
  /// uses, so that a model is always judged on the same corrupted rows.
  func row(_ context: RowContext) -> RandomStream {
    // An odd factor gives each row a stream of its own (2^64 divided by the golden ratio).
    let row = UInt64(truncatingIfNeeded: context.row) &* 0x9E37_79B9_7F4A_7C15
    let evaluation = Int(UInt32.max)
    return RandomStream(
      seed: seed, stream: stream &+ row, step: context.isTraining ? context.epoch : evaluation)
  }
}
