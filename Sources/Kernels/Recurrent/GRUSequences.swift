public import TensorCore

/// The recurrence of a gated recurrent unit through all steps of sequences, whose products with the input are there.
///
/// h U is two products: those of z and r join what the input gives, that of n stays apart for r to act on.
public struct GRUSequences<S: Scalar>: @unchecked Sendable {
  private let sequences: Sequences
  private let units: Int
  /// [N, T, 3U]: in the order z, r, n.
  private let gates: UnsafeMutablePointer<S>
  /// q [N, T, U].
  private let products: UnsafeMutablePointer<S>
  /// h [N, T, U].
  private let hidden: UnsafeMutablePointer<S>

  public init(
    _ sequences: Sequences, units: Int, gates: UnsafeMutablePointer<S>,
    products: UnsafeMutablePointer<S>, hidden: UnsafeMutablePointer<S>
  ) {
    (self.sequences, self.units) = (sequences, units)
    (self.gates, self.products, self.hidden) = (gates, products, hidden)
  }

  /// Scratch for the packed recurrent kernel, in either direction.
  public static func scratchCount(units: Int) -> Int {
    max(
      PackedMatrix<S>.count(inner: units, columns: 2 * units)
        + PackedMatrix<S>.count(inner: units, columns: units),
      PackedMatrix<S>.count(inner: 2 * units, columns: units)
        + PackedMatrix<S>.count(inner: units, columns: units))
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
      kernel, stride: 3 * units, inner: units, columns: 2 * units, in: scratch)
    let ofProduct = PackedMatrix(
      kernel + 2 * units, stride: 3 * units, inner: units, columns: units,
      in: scratch + PackedMatrix<S>.count(inner: units, columns: 2 * units))
    ofGates.pack(pool: pool)
    ofProduct.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      for t in 0..<sequences.steps {
        let gates = sequences.step(t, of: gates, width: 3 * units).from(first)
        let product = sequences.step(t, of: products, width: units).from(first)
        let before = t > 0 ? sequences.step(t - 1, of: hidden, width: units).from(first) : nil
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
        GRUCell.forward(
          gates: gates, product: product, previous: before,
          output: sequences.step(t, of: hidden, width: units).from(first), rows: rows,
          units: units)
      }
    }
  }

  /// All steps backward: gates and products become their own gradients.
  ///
  /// - Parameters:
  ///   - kernel: U [U, 3U].
  ///   - outputGradient: of every h [N, T, U], or of the last one [N, U].
  ///   - hiddenGradient: memory for [N, U].
  public func backward(
    kernel: UnsafePointer<S>, outputGradient: UnsafeMutablePointer<S>, ofEveryStep: Bool,
    hiddenGradient: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let ofGates = PackedMatrix(
      kernel, stride: 3 * units, transposed: true, inner: 2 * units, columns: units, in: scratch)
    let ofProduct = PackedMatrix(
      kernel + 2 * units, stride: 3 * units, transposed: true, inner: units, columns: units,
      in: scratch + PackedMatrix<S>.count(inner: 2 * units, columns: units))
    ofGates.pack(pool: pool)
    ofProduct.pack(pool: pool)
    pool.run(sequences.chunks) { range in
      let (first, rows) = (range.lowerBound, range.count)
      let dh = StridedRows(hiddenGradient, stride: units).from(first)
      dh.base.update(repeating: 0, count: rows * units)
      for t in (0..<sequences.steps).reversed() {
        let gates = sequences.step(t, of: gates, width: 3 * units).from(first)
        let product = sequences.step(t, of: products, width: units).from(first)
        GRUCell.backward(
          gates: gates, product: product,
          previous: t > 0 ? sequences.step(t - 1, of: hidden, width: units).from(first) : nil,
          outputGradient: sequences.gradient(
            outputGradient, ofEveryStep, at: t, width: units)?.from(first),
          hiddenGradient: dh, rows: rows, units: units)
        if t > 0 {
          ofGates.multiply(gates, rows: rows, accumulate: true, into: dh)
          ofProduct.multiply(product, rows: rows, accumulate: true, into: dh)
        }
      }
    }
  }
}

extension Sequences {
  /// What the output takes of step t: every step's where all come out, else the last one's.
  @inline(__always)
  func gradient<S>(
    _ base: UnsafeMutablePointer<S>, _ ofEveryStep: Bool, at t: Int, width: Int
  ) -> StridedRows<S>? {
    if ofEveryStep { return step(t, of: base, width: width) }
    return t == steps - 1 ? StridedRows(base, stride: width) : nil
  }
}
