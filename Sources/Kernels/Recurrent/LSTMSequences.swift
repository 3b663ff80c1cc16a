public import TensorCore

/// The recurrence of long short-term memory through all steps of sequences, whose products with the input are there.
public struct LSTMSequences<S: Scalar>: @unchecked Sendable {
  private let sequences: Sequences<S>
  private let units: Int
  /// [N, T, 4U]: in the order i, f, g, o.
  private let gates: UnsafeMutablePointer<S>
  /// c [N, T, U].
  private let cells: UnsafeMutablePointer<S>
  /// h [N, T, U].
  private let hidden: UnsafeMutablePointer<S>
  /// h and c before the first step, [N, U] each; zeros where nil.
  private let initial: (hidden: UnsafeMutablePointer<S>, cell: UnsafeMutablePointer<S>)?

  public init(
    _ sequences: Sequences<S>, units: Int, gates: UnsafeMutablePointer<S>,
    cells: UnsafeMutablePointer<S>, hidden: UnsafeMutablePointer<S>,
    initial: (hidden: UnsafeMutablePointer<S>, cell: UnsafeMutablePointer<S>)? = nil
  ) {
    (self.sequences, self.units) = (sequences, units)
    (self.gates, self.cells, self.hidden) = (gates, cells, hidden)
    self.initial = initial
  }

  /// Scratch for the packed recurrent kernel, in either direction.
  public static func scratchCount(units: Int) -> Int {
    max(
      PackedMatrix<S>.count(inner: units, columns: 4 * units),
      PackedMatrix<S>.count(inner: 4 * units, columns: units))
  }

  /// h before a step, of the sequences from one on.
  private func hidden(before t: Int, from first: Int) -> StridedRows<S>? {
    t > 0
      ? sequences.step(t - 1, of: hidden, width: units).from(first)
      : initial.map { StridedRows($0.hidden, stride: units).from(first) }
  }

  /// c before a step, of the sequences from one on.
  private func cell(before t: Int, from first: Int) -> StridedRows<S>? {
    t > 0
      ? sequences.step(t - 1, of: cells, width: units).from(first)
      : initial.map { StridedRows($0.cell, stride: units).from(first) }
  }

  /// All steps forward; the kernel is U [U, 4U].
  public func forward(
    kernel: UnsafePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: 4 * units, inner: units, columns: 4 * units, uses: sequences.steps,
      in: scratch)
    kernel.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      for t in 0..<sequences.steps {
        let gates = sequences.step(t, of: gates, width: 4 * units).from(first)
        let before = hidden(before: t, from: first)
        let cellBefore = cell(before: t, from: first)
        if let before { kernel.multiply(before, rows: rows, accumulate: true, into: gates) }
        let c = sequences.step(t, of: cells, width: units).from(first)
        let h = sequences.step(t, of: hidden, width: units).from(first)
        LSTMCell.forward(
          gates: gates, previousCell: cellBefore, cell: c, output: h, rows: rows, units: units)
        for row in 0..<rows where sequences.isPadding(first + row, t) {
          h[row].take(before?[row], count: units)
          c[row].take(cellBefore?[row], count: units)
        }
      }
    }
  }

  /// All steps backward: gates become their own gradients.
  ///
  /// - Parameters:
  ///   - kernel: U [U, 4U].
  ///   - outputGradient: of every h [N, T, U], or of the last one [N, U].
  ///   - finalGradient: of h and c behind the last step, [N, U] each, beside what the output says; zeros where nil.
  ///   - hiddenGradient: memory for [N, U]; where the first step is to reach an initial state, the gradient of h.
  ///   - cellGradient: memory for [N, U]; the gradient of the initial c.
  public func backward(
    kernel: UnsafePointer<S>, outputGradient: UnsafeMutablePointer<S>, ofEveryStep: Bool,
    finalGradient: (hidden: UnsafeMutablePointer<S>, cell: UnsafeMutablePointer<S>)? = nil,
    hiddenGradient: UnsafeMutablePointer<S>, cellGradient: UnsafeMutablePointer<S>,
    reachesInitial: Bool = false, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let kernel = PackedMatrix(
      kernel, stride: 4 * units, transposed: true, inner: 4 * units, columns: units,
      uses: sequences.steps, in: scratch)
    kernel.pack(pool: pool)
    let hasPadding = sequences.mask != nil
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      let dh = StridedRows(hiddenGradient, stride: units).from(first)
      let dc = StridedRows(cellGradient, stride: units).from(first)
      dh.base.take(finalGradient.map { $0.hidden + first * units }, count: rows * units)
      dc.base.take(finalGradient.map { $0.cell + first * units }, count: rows * units)
      for t in (0..<sequences.steps).reversed() {
        let gates = sequences.step(t, of: gates, width: 4 * units).from(first)
        let dy = sequences.gradient(outputGradient, ofEveryStep, at: t, width: units)?.from(first)
        func cell(_ row: Int, _ rows: Int) {
          LSTMCell.backward(
            gates: gates.from(row), previousCell: self.cell(before: t, from: first + row),
            cell: sequences.step(t, of: cells, width: units).from(first + row),
            outputGradient: dy?.from(row), hiddenGradient: dh.from(row),
            cellGradient: dc.from(row), into: gates.from(row), rows: rows, units: units)
        }
        if hasPadding {
          // Beside a product that is added, so that what padding passes on stays.
          for row in 0..<rows {
            if sequences.isPadding(first + row, t) {
              gates[row].update(repeating: 0, count: 4 * units)
              if let dy { dh[row].add(dy[row], count: units) }
            } else {
              cell(row, 1)
              dh[row].update(repeating: 0, count: units)
            }
          }
        } else {
          cell(0, rows)
        }
        if t > 0 || reachesInitial {
          kernel.multiply(gates, rows: rows, accumulate: hasPadding, into: dh)
        }
      }
    }
  }
}
