public import TensorCore

/// The recurrence of a simple recurrent network through all steps of sequences, whose products with the input are there:
/// h[n, t] = a(z[n, t]), z[n, t] = x W + h[n, t-1] U + b.
public struct SimpleRNNSequences<S: Scalar>: @unchecked Sendable {
  private let sequences: Sequences<S>
  private let units: Int
  private let activation: SimpleRNNCell.Activation
  /// z [N, T, U].
  private let sums: UnsafeMutablePointer<S>
  /// h [N, T, U].
  private let hidden: UnsafeMutablePointer<S>
  /// h before the first step, [N, U]; zeros where nil.
  private let initial: UnsafeMutablePointer<S>?

  public init(
    _ sequences: Sequences<S>, units: Int, activation: SimpleRNNCell.Activation,
    sums: UnsafeMutablePointer<S>, hidden: UnsafeMutablePointer<S>,
    initial: UnsafeMutablePointer<S>? = nil
  ) {
    (self.sequences, self.units, self.activation) = (sequences, units, activation)
    (self.sums, self.hidden, self.initial) = (sums, hidden, initial)
  }

  /// Scratch for the packed recurrent kernel, in either direction.
  public static func scratchCount(units: Int) -> Int {
    PackedMatrix<S>.count(inner: units, columns: units)
  }

  /// All steps forward; the kernel is U [U, U].
  public func forward(
    kernel: UnsafePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: units, inner: units, columns: units, uses: sequences.steps, in: scratch)
    kernel.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      for t in 0..<sequences.steps {
        let sums = sequences.step(t, of: sums, width: units).from(first)
        let before =
          t > 0
          ? sequences.step(t - 1, of: hidden, width: units).from(first)
          : initial.map { StridedRows($0, stride: units).from(first) }
        if let before { kernel.multiply(before, rows: rows, accumulate: true, into: sums) }
        let h = sequences.step(t, of: hidden, width: units).from(first)
        SimpleRNNCell.forward(activation, sums: sums, output: h, rows: rows, units: units)
        for row in 0..<rows where sequences.isPadding(first + row, t) {
          h[row].take(before?[row], count: units)
        }
      }
    }
  }

  /// All steps backward: the sums become their own gradients.
  ///
  /// - Parameters:
  ///   - kernel: U [U, U].
  ///   - outputGradient: of every h [N, T, U], or of the last one [N, U].
  ///   - finalGradient: of h behind the last step, [N, U], beside what the output says; zeros where nil.
  ///   - hiddenGradient: memory for [N, U]; where the first step is to reach an initial state, the gradient of that.
  public func backward(
    kernel: UnsafePointer<S>, outputGradient: UnsafeMutablePointer<S>, ofEveryStep: Bool,
    finalGradient: UnsafeMutablePointer<S>? = nil, hiddenGradient: UnsafeMutablePointer<S>,
    reachesInitial: Bool = false, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: units, transposed: true, inner: units, columns: units, uses: sequences.steps,
      in: scratch)
    kernel.pack(pool: pool)
    let hasPadding = sequences.mask != nil
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      let dh = StridedRows(hiddenGradient, stride: units).from(first)
      dh.base.take(finalGradient.map { $0 + first * units }, count: rows * units)
      for t in (0..<sequences.steps).reversed() {
        let sums = sequences.step(t, of: sums, width: units).from(first)
        let h = sequences.step(t, of: hidden, width: units).from(first)
        let dy = sequences.gradient(outputGradient, ofEveryStep, at: t, width: units)?.from(first)
        SimpleRNNCell.backward(
          activation, output: h, outputGradient: dy, hiddenGradient: dh, into: sums, rows: rows,
          units: units)
        if hasPadding {
          // Beside a product that is added, so that what padding passes on stays.
          for row in 0..<rows {
            if sequences.isPadding(first + row, t) {
              sums[row].update(repeating: 0, count: units)
              if let dy { dh[row].add(dy[row], count: units) }
            } else {
              dh[row].update(repeating: 0, count: units)
            }
          }
        }
        if t > 0 || reachesInitial {
          kernel.multiply(sums, rows: rows, accumulate: hasPadding, into: dh)
        }
      }
    }
  }
}
