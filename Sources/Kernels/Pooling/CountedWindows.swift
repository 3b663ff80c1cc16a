import CSIMD
public import TensorCore

/// Means and maxima over windows of sequences [N, T, F] of which some steps are padding.
///
/// Every sequence gives what it would give alone, cut to its steps that count: neither what padding holds nor its length
/// changes a bit. Chunks are sequences.
public struct CountedWindows<S: Scalar>: @unchecked Sendable {
  /// Which windows give something; the others give 0.
  public enum Rule: Sendable {
    /// Those whose steps all count.
    case whole
    /// Those at whose place, step o · stride of window o, there is a step that counts; padding takes no part in them.
    case placed
    /// Those in which a step counts.
    case any
  }

  private let batch: Int
  private let steps: Int
  private let features: Int
  private let window: Int
  private let stride: Int
  private let paddingBefore: Int
  private let outputs: Int
  private let rule: Rule
  /// [N, T]: 0 for padding.
  private let mask: UnsafePointer<S>

  /// For sequences [batch, steps, features]; window o begins at step o · stride - paddingBefore, which is less than window.
  public init(
    batch: Int, steps: Int, features: Int, window: Int, stride: Int, paddingBefore: Int,
    outputs: Int, rule: Rule, mask: UnsafePointer<S>
  ) {
    (self.batch, self.steps, self.features) = (batch, steps, features)
    (self.window, self.stride, self.paddingBefore) = (window, stride, paddingBefore)
    (self.outputs, self.rule, self.mask) = (outputs, rule, mask)
  }

  /// One window over all steps of each sequence.
  public init(batch: Int, steps: Int, features: Int, mask: UnsafePointer<S>) {
    self.init(
      batch: batch, steps: steps, features: features, window: steps, stride: steps,
      paddingBefore: 0, outputs: 1, rule: .any, mask: mask)
  }

  private var chunks: Chunks { Chunks(rows: batch, of: max(steps, outputs) * features) }

  /// Calls `body` with every output of a sequence that gives something: its offset in y.
  @inline(__always)
  private func forEachOutput(_ sequence: Int, _ body: (_ output: Int, _ offset: Int) -> Void) {
    let mask = mask + sequence * steps
    for output in 0..<outputs {
      let place = output * stride
      let gives =
        switch rule {
        case .whole: (place..<place + window).allSatisfy { mask[$0] != 0 }
        case .placed: mask[place] != 0
        case .any: (place..<place + window).contains { mask[$0] != 0 }
        }
      if gives { body(output, (sequence * outputs + output) * features) }
    }
  }

  /// Calls `body` with every step that counts in a window: its number in the window and its offset in x.
  @inline(__always)
  private func forEachTap(
    _ sequence: Int, _ output: Int, _ body: (_ tap: Int, _ offset: Int) -> Void
  ) {
    let first = output * stride - paddingBefore
    for step in max(0, first)..<min(steps, first + window)
    where mask[sequence * steps + step] != 0 {
      body(step - first, (sequence * steps + step) * features)
    }
  }

  /// One over the steps that count in a window that gives something.
  @inline(__always)
  private func share(_ sequence: Int, _ output: Int) -> S {
    var count = 0
    forEachTap(sequence, output) { _, _ in count += 1 }
    return 1 / S(count)
  }

  /// y[n, o] = the mean of x[n, t] over the steps of window o that count.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func mean(_ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, pool: WorkerPool) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        clear(y, sequence, outputs)
        forEachOutput(sequence) { output, offset in
          let share = share(sequence, output)
          forEachTap(sequence, output) { addScaled(x + $1, by: share, to: y + offset) }
        }
      }
    }
  }

  /// dx of every step is the sum of its shares of dy, or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func meanGradient(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        if !accumulate { clear(dx, sequence, steps) }
        forEachOutput(sequence) { output, offset in
          let share = share(sequence, output)
          forEachTap(sequence, output) { addScaled(dy + offset, by: share, to: dx + $1) }
        }
      }
    }
  }

  /// y[n, o] = the maximum of x[n, t] over the steps of window o that count, the first of equal ones.
  ///
  /// - Parameter indices: as many scalars as y; the number of the maximum within its window, or -1 where there is none.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func maximum(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        clear(y, sequence, outputs)
        (indices + sequence * outputs * features).update(
          repeating: -1, count: outputs * features)
        forEachOutput(sequence) { output, offset in
          let (y, indices) = (y + offset, indices + offset)
          y.update(repeating: -.infinity, count: features)
          forEachTap(sequence, output) { tap, step in
            if let vectors = S.vectors {
              vectors.pooling.take_greater(
                (x + step).asFloat, Float(tap), y.asFloat, indices.asFloat, features)
            } else {
              for f in 0..<features where x[step + f] > y[f] || x[step + f].isNaN {
                (y[f], indices[f]) = (x[step + f], S(tap))
              }
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
        if !accumulate { clear(dx, sequence, steps) }
        for output in 0..<outputs {
          let offset = (sequence * outputs + output) * features
          let first = sequence * steps + output * stride - paddingBefore
          for f in 0..<features where indices[offset + f] >= 0 {
            dx[(first + Int(indices[offset + f])) * features + f] += dy[offset + f]
          }
        }
      }
    }
  }

  @inline(__always)
  private func clear(_ x: UnsafeMutablePointer<S>, _ sequence: Int, _ steps: Int) {
    let count = steps * features
    (x + sequence * count).update(repeating: 0, count: count)
  }

  /// y += factor x.
  @inline(__always)
  private func addScaled(
    _ x: UnsafePointer<S>, by factor: S, to y: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.elementwise.scale_add(Float(factor), x.asFloat, y.asFloat, features)
    } else {
      for f in 0..<features { y[f] += factor * x[f] }
    }
  }
}
