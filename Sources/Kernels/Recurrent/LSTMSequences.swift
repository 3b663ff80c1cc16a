public import TensorCore

/// The recurrence of long short-term memory through all steps of sequences, whose products with the input are there.
public struct LSTMSequences<S: Scalar>: @unchecked Sendable {
  private let sequences: Sequences
  private let units: Int
  /// [N, T, 4U]: in the order i, f, g, o.
  private let gates: UnsafeMutablePointer<S>
  /// c [N, T, U].
  private let cells: UnsafeMutablePointer<S>
  /// h [N, T, U].
  private let hidden: UnsafeMutablePointer<S>

  public init(
    _ sequences: Sequences, units: Int, gates: UnsafeMutablePointer<S>,
    cells: UnsafeMutablePointer<S>, hidden: UnsafeMutablePointer<S>
  ) {
    (self.sequences, self.units) = (sequences, units)
    (self.gates, self.cells, self.hidden) = (gates, cells, hidden)
  }

  /// Scratch for the packed recurrent kernel, in either direction.
  public static func scratchCount(units: Int) -> Int {
    max(
      PackedMatrix<S>.count(inner: units, columns: 4 * units),
      PackedMatrix<S>.count(inner: 4 * units, columns: units))
  }

  /// All steps forward; the kernel is U [U, 4U].
  public func forward(
    kernel: UnsafePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: 4 * units, inner: units, columns: 4 * units, in: scratch)
    kernel.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      for t in 0..<sequences.steps {
        let gates = sequences.step(t, of: gates, width: 4 * units).from(first)
        if t > 0 {
          kernel.multiply(
            sequences.step(t - 1, of: hidden, width: units).from(first), rows: rows,
            accumulate: true, into: gates)
        }
        LSTMCell.forward(
          gates: gates,
          previousCell: t > 0 ? sequences.step(t - 1, of: cells, width: units).from(first) : nil,
          cell: sequences.step(t, of: cells, width: units).from(first),
          output: sequences.step(t, of: hidden, width: units).from(first), rows: rows,
          units: units)
      }
    }
  }

  /// All steps backward: gates become their own gradients.
  ///
  /// - Parameters:
  ///   - kernel: U [U, 4U].
  ///   - outputGradient: of every h [N, T, U], or of the last one [N, U].
  ///   - hiddenGradient: memory for [N, U].
  ///   - cellGradient: memory for [N, U].
  public func backward(
    kernel: UnsafePointer<S>, outputGradient: UnsafeMutablePointer<S>, ofEveryStep: Bool,
    hiddenGradient: UnsafeMutablePointer<S>, cellGradient: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: 4 * units, transposed: true, inner: 4 * units, columns: units, in: scratch)
    kernel.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      let dh = StridedRows(hiddenGradient, stride: units).from(first)
      let dc = StridedRows(cellGradient, stride: units).from(first)
      dc.base.update(repeating: 0, count: rows * units)
      for t in (0..<sequences.steps).reversed() {
        let gates = sequences.step(t, of: gates, width: 4 * units).from(first)
        LSTMCell.backward(
          gates: gates,
          previousCell: t > 0 ? sequences.step(t - 1, of: cells, width: units).from(first) : nil,
          cell: sequences.step(t, of: cells, width: units).from(first),
          outputGradient: sequences.gradient(
            outputGradient, ofEveryStep, at: t, width: units)?.from(first),
          hiddenGradient: t == sequences.steps - 1 ? nil : dh, cellGradient: dc, into: gates,
          rows: rows, units: units)
        if t > 0 { kernel.multiply(gates, rows: rows, accumulate: false, into: dh) }
      }
    }
  }
}
