public import TensorCore

/// The recurrence of a gated recurrent unit through all steps of sequences, whose products with the input are there.
///
/// h U is two products: those of z and r join what the input gives, that of n stays apart for r to act on.
public struct GRUSequences<S: Scalar>: @unchecked Sendable {
  private let sequences: Sequences<S>
  private let units: Int
  /// [N, T, 3U]: in the order z, r, n.
  private let gates: UnsafeMutablePointer<S>
  /// q [N, T, U].
  private let products: UnsafeMutablePointer<S>
  /// h [N, T, U].
  private let hidden: UnsafeMutablePointer<S>
  /// h before the first step, [N, U]; zeros where nil.
  private let initial: UnsafeMutablePointer<S>?

  public init(
    _ sequences: Sequences<S>, units: Int, gates: UnsafeMutablePointer<S>,
    products: UnsafeMutablePointer<S>, hidden: UnsafeMutablePointer<S>,
    initial: UnsafeMutablePointer<S>? = nil
  ) {
    (self.sequences, self.units) = (sequences, units)
    (self.gates, self.products, self.hidden) = (gates, products, hidden)
    self.initial = initial
  }

  /// Scratch for the packed recurrent kernel, in either direction.
  public static func scratchCount(units: Int) -> Int {
    max(
      PackedMatrix<S>.count(inner: units, columns: 2 * units)
        + PackedMatrix<S>.count(inner: units, columns: units),
      PackedMatrix<S>.count(inner: 2 * units, columns: units)
        + PackedMatrix<S>.count(inner: units, columns: units))
  }

  /// h before a step, of the sequences from one on.
  private func hidden(before t: Int, from first: Int) -> StridedRows<S>? {
    t > 0
      ? sequences.step(t - 1, of: hidden, width: units).from(first)
      : initial.map { StridedRows($0, stride: units).from(first) }
  }

  /// All steps forward.
  ///
  /// - Parameters:
  ///   - kernel: U [U, 3U].
  ///   - bias: of q, [U]; zeros if nil.
  public func forward(
    kernel: UnsafePointer<S>, bias: UnsafePointer<S>?, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let ofGates = PackedMatrix(
      kernel, stride: 3 * units, inner: units, columns: 2 * units, uses: sequences.steps,
      in: scratch)
    let ofProduct = PackedMatrix(
      kernel + 2 * units, stride: 3 * units, inner: units, columns: units, uses: sequences.steps,
      in: scratch + PackedMatrix<S>.count(inner: units, columns: 2 * units))
    ofGates.pack(pool: pool)
    ofProduct.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      for t in 0..<sequences.steps {
        let gates = sequences.step(t, of: gates, width: 3 * units).from(first)
        let product = sequences.step(t, of: products, width: units).from(first)
        let before = hidden(before: t, from: first)
        for row in 0..<rows {
          if let bias {
            product[row].update(from: bias, count: units)
          } else {
            product[row].update(repeating: 0, count: units)
          }
        }
        if let before {
          ofGates.multiply(before, rows: rows, accumulate: true, into: gates)
          ofProduct.multiply(before, rows: rows, accumulate: true, into: product)
        }
        let h = sequences.step(t, of: hidden, width: units).from(first)
        GRUCell.forward(
          gates: gates, product: product, previous: before, output: h, rows: rows, units: units)
        for row in 0..<rows where sequences.isPadding(first + row, t) {
          h[row].take(before?[row], count: units)
        }
      }
    }
  }

  /// All steps backward: gates and products become their own gradients.
  ///
  /// - Parameters:
  ///   - kernel: U [U, 3U].
  ///   - outputGradient: of every h [N, T, U], or of the last one [N, U].
  ///   - finalGradient: of h behind the last step, [N, U], beside what the output says; zeros where nil.
  ///   - hiddenGradient: memory for [N, U]; where the first step is to reach an initial state, the gradient of that.
  public func backward(
    kernel: UnsafePointer<S>, outputGradient: UnsafeMutablePointer<S>, ofEveryStep: Bool,
    finalGradient: UnsafeMutablePointer<S>? = nil, hiddenGradient: UnsafeMutablePointer<S>,
    reachesInitial: Bool = false, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let ofGates = PackedMatrix(
      kernel, stride: 3 * units, transposed: true, inner: 2 * units, columns: units,
      uses: sequences.steps, in: scratch)
    let ofProduct = PackedMatrix(
      kernel + 2 * units, stride: 3 * units, transposed: true, inner: units, columns: units,
      uses: sequences.steps,
      in: scratch + PackedMatrix<S>.count(inner: 2 * units, columns: units))
    ofGates.pack(pool: pool)
    ofProduct.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      let dh = StridedRows(hiddenGradient, stride: units).from(first)
      dh.base.take(finalGradient.map { $0 + first * units }, count: rows * units)
      for t in (0..<sequences.steps).reversed() {
        let gates = sequences.step(t, of: gates, width: 3 * units).from(first)
        let product = sequences.step(t, of: products, width: units).from(first)
        let dy = sequences.gradient(outputGradient, ofEveryStep, at: t, width: units)?.from(first)
        func cell(_ row: Int, _ rows: Int) {
          GRUCell.backward(
            gates: gates.from(row), product: product.from(row),
            previous: hidden(before: t, from: first + row), outputGradient: dy?.from(row),
            hiddenGradient: dh.from(row), rows: rows, units: units)
        }
        if sequences.mask == nil {
          cell(0, rows)
        } else {
          for row in 0..<rows {
            if sequences.isPadding(first + row, t) {
              gates[row].update(repeating: 0, count: 3 * units)
              product[row].update(repeating: 0, count: units)
              if let dy { dh[row].add(dy[row], count: units) }
            } else {
              cell(row, 1)
            }
          }
        }
        if t > 0 || reachesInitial {
          ofGates.multiply(gates, rows: rows, accumulate: true, into: dh)
          ofProduct.multiply(product, rows: rows, accumulate: true, into: dh)
        }
      }
    }
  }
}
