import CSIMD
public import TensorCore

/// Means and maxima over the steps of sequences [N, T, F] that are no padding.
///
/// Padding is passed over, so neither what it holds nor its length changes a bit. Chunks are sequences.
public struct CountedSteps<S: Scalar>: @unchecked Sendable {
  private let batch: Int
  private let steps: Int
  private let features: Int
  /// [N, T]: 0 for padding.
  private let mask: UnsafePointer<S>

  public init(batch: Int, steps: Int, features: Int, mask: UnsafePointer<S>) {
    (self.batch, self.steps, self.features, self.mask) = (batch, steps, features, mask)
  }

  private var chunks: Chunks { Chunks(rows: batch, of: steps * features) }

  /// One over the steps of a sequence that count; 0 where none does.
  @inline(__always)
  private func share(_ sequence: Int) -> S {
    var count = 0
    forEach(sequence) { _, _ in count += 1 }
    return count == 0 ? 0 : 1 / S(count)
  }

  /// Calls `body` with every step of a sequence that counts and its offset in x.
  @inline(__always)
  private func forEach(_ sequence: Int, _ body: (_ step: Int, _ offset: Int) -> Void) {
    for step in 0..<steps where mask[sequence * steps + step] != 0 {
      body(step, (sequence * steps + step) * features)
    }
  }

  /// y[n] = the mean of x[n, t] over the steps that count, 0 where none does.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func mean(_ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, pool: WorkerPool) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        let (y, share) = (y + sequence * features, share(sequence))
        y.update(repeating: 0, count: features)
        forEach(sequence) { _, offset in addScaled(x + offset, by: share, to: y) }
      }
    }
  }

  /// dx of every step that counts is its share of dy, that of the others 0; or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func meanGradient(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        if !accumulate { clear(dx, sequence) }
        let share = share(sequence)
        forEach(sequence) { _, offset in
          addScaled(dy + sequence * features, by: share, to: dx + offset)
        }
      }
    }
  }

  /// y[n] = the maximum of x[n, t] over the steps that count, the first of equal ones; 0 where none does.
  ///
  /// - Parameter indices: as many scalars as y; the step of the maximum, for the gradient, or -1.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func maximum(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        let (y, indices) = (y + sequence * features, indices + sequence * features)
        var isFirst = true
        y.update(repeating: 0, count: features)
        indices.update(repeating: -1, count: features)
        forEach(sequence) { step, offset in
          if isFirst {
            y.update(from: x + offset, count: features)
            indices.update(repeating: S(step), count: features)
            isFirst = false
          } else if S.isFloat {
            csimd_take_greater(
              (x + offset).asFloat, Float(step), y.asFloat, indices.asFloat, features)
          } else {
            for f in 0..<features where x[offset + f] > y[f] || x[offset + f].isNaN {
              (y[f], indices[f]) = (x[offset + f], S(step))
            }
          }
        }
      }
    }
  }

  /// dx of each maximum gets dy, all others nothing; or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func maximumGradient(
    _ dy: UnsafePointer<S>, indices: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        if !accumulate { clear(dx, sequence) }
        for f in sequence * features..<(sequence + 1) * features where indices[f] >= 0 {
          let row = sequence * steps + Int(indices[f])
          dx[row * features + f - sequence * features] += dy[f]
        }
      }
    }
  }

  @inline(__always)
  private func clear(_ dx: UnsafeMutablePointer<S>, _ sequence: Int) {
    let count = steps * features
    (dx + sequence * count).update(repeating: 0, count: count)
  }

  /// y += factor x.
  @inline(__always)
  private func addScaled(
    _ x: UnsafePointer<S>, by factor: S, to y: UnsafeMutablePointer<S>
  ) {
    if S.isFloat {
      csimd_scale_add(Float(factor), x.asFloat, y.asFloat, features)
    } else {
      for f in 0..<features { y[f] += factor * x[f] }
    }
  }
}
