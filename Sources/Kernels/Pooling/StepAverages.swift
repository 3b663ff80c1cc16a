import CSIMD
public import TensorCore

/// Means over windows of the steps of sequences [N, T, F].
///
/// Windows a step apart are summed tap by tap, as whole sequences shifted against each other, which is what makes moving
/// averages fast. Chunks are sequences.
public struct StepAverages: Sendable {
  /// What a window finds outside the sequence.
  public enum Edge: Sendable {
    /// Nothing: the mean is over its steps that lie in the sequence.
    case excluded
    /// The first or the last step again.
    case repeated
  }

  private let batch: Int
  private let steps: Int
  private let channels: Int
  private let window: Int
  private let stride: Int
  private let paddingBefore: Int
  private let outputs: Int
  private let edge: Edge

  /// For sequences [batch, steps, channels]; window o begins at step o · stride - paddingBefore.
  ///
  /// With `excluded`, every window must hold a step of the sequence.
  public init(
    batch: Int, steps: Int, channels: Int, window: Int, stride: Int, paddingBefore: Int,
    outputs: Int, edge: Edge
  ) {
    (self.batch, self.steps, self.channels) = (batch, steps, channels)
    (self.window, self.stride, self.paddingBefore) = (window, stride, paddingBefore)
    (self.outputs, self.edge) = (outputs, edge)
  }

  private var chunks: Chunks { Chunks(rows: batch, of: max(steps, outputs) * channels) }

  /// Whether every mean is over as many numbers.
  private var isUniform: Bool {
    edge == .repeated || (paddingBefore == 0 && (outputs - 1) * stride + window <= steps)
  }

  /// One over the numbers that a mean is over.
  @inline(__always)
  private func share(of output: Int) -> Double {
    if edge == .repeated { return 1 / Double(window) }
    let first = output * stride - paddingBefore
    return 1 / Double(min(steps, first + window) - max(0, first))
  }

  /// Calls `body` with runs of outputs, the step that the first of them takes (each next one the next), their number, and
  /// the share that these steps have in these outputs.
  @inline(__always)
  private func forEachRun(
    _ body: (_ output: Int, _ step: Int, _ count: Int, _ share: Double) -> Void
  ) {
    let isContiguous = stride == 1 && isUniform
    for tap in 0..<window {
      let shift = tap - paddingBefore
      // The outputs whose tap lies in the sequence: 0 <= o stride + shift < steps.
      let first = min(outputs, shift >= 0 ? 0 : (stride - 1 - shift) / stride)
      let end = max(first, min(outputs, shift >= steps ? 0 : (steps - 1 - shift) / stride + 1))
      if edge == .repeated {
        for output in 0..<first { body(output, 0, 1, share(of: output)) }
        for output in end..<outputs { body(output, steps - 1, 1, share(of: output)) }
      }
      if isContiguous {
        if end > first { body(first, first + shift, end - first, share(of: first)) }
      } else {
        for output in first..<end {
          body(output, output * stride + shift, 1, share(of: output))
        }
      }
    }
  }

  /// y[n, o] = the mean of x[n, t] over the steps t of window o.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        let x = x + sequence * steps * channels
        let y = y + sequence * outputs * channels
        y.update(repeating: 0, count: outputs * channels)
        forEachRun { output, step, count, share in
          addScaled(
            x + step * channels, by: share, into: y + output * channels, count: count * channels)
        }
      }
    }
  }

  /// dx of every step is the sum of its shares of dy, or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func backward<S: Scalar>(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(chunks) { sequences in
      for sequence in sequences {
        let dy = dy + sequence * outputs * channels
        let dx = dx + sequence * steps * channels
        if !accumulate { dx.update(repeating: 0, count: steps * channels) }
        forEachRun { output, step, count, share in
          addScaled(
            dy + output * channels, by: share, into: dx + step * channels, count: count * channels)
        }
      }
    }
  }

  /// y += factor x.
  @inline(__always)
  private func addScaled<S: Scalar>(
    _ x: UnsafePointer<S>, by factor: Double, into y: UnsafeMutablePointer<S>, count: Int
  ) {
    if let vectors = S.vectors {
      vectors.elementwise.scale_add(Float(factor), x.asFloat, y.asFloat, count)
    } else {
      for i in 0..<count { y[i] += S(factor) * x[i] }
    }
  }
}
