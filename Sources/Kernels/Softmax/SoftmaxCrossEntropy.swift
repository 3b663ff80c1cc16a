import CSIMD
public import TensorCore

/// Softmax and cross-entropy of rows of logits.
///
/// With p = softmax(x), the target distribution t, label smoothing ε over C classes and class weights w:
///
///     a[c] = w[c] ((1 - ε) t[c] + ε / C)      loss = Σ a[c] (-ln p[c])      d loss / dx[c] = p[c] Σ a - a[c]
///
/// as PyTorch's `cross_entropy` defines them. Forward reads the logits alone and keeps two numbers a row, for where there
/// are many classes the logits are most of a step's memory.
public enum SoftmaxCrossEntropy {
  /// The targets of the rows.
  public enum Targets<S: Scalar> {
    /// One class number a row.
    case classes(UnsafePointer<S>)
    /// A distribution over the classes a row.
    case distributions(UnsafePointer<S>)
  }

  /// What is expected of rows of logits [rows, columns].
  public struct Expectation<S: Scalar> {
    public let targets: Targets<S>
    public let weights: UnsafePointer<S>?
    /// ε.
    public let smoothing: S

    public init(targets: Targets<S>, weights: UnsafePointer<S>?, smoothing: S) {
      (self.targets, self.weights, self.smoothing) = (targets, weights, smoothing)
    }

    /// The class of a row; nil where it is none of the columns or not even a number.
    @inline(__always)
    fileprivate func label(_ classes: UnsafePointer<S>, _ row: Int, _ columns: Int) -> Int? {
      let label = classes[row]
      return label >= 0 && label < S(columns) ? Int(label) : nil
    }

    /// What a row's own class counts beside the smoothing.
    @inline(__always)
    fileprivate func share(of label: Int) -> S { (1 - smoothing) * (weights?[label] ?? 1) }
  }

  /// Writes the loss of each row, and for backward ln Σ eˣ and Σ a; 0 for rows whose mask is 0.
  ///
  /// A class number outside 0..<columns gives a loss, and later gradients, that are not numbers.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ logits: UnsafePointer<S>, _ expectation: Expectation<S>, losses: UnsafeMutablePointer<S>,
    logSums: UnsafeMutablePointer<S>, totals: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    mask: UnsafePointer<S>? = nil, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for index in range {
        if let mask, mask[index] == 0 {
          (losses[index], totals[index], logSums[index]) = (0, 0, 0)
          continue
        }
        let x = logits + index * columns
        let row = Row(x, columns, logSum: Row.logSum(x, columns), expectation)
        logSums[index] = row.logSum
        switch expectation.targets {
        case .classes(let classes):
          guard let label = expectation.label(classes, index, columns) else {
            (losses[index], totals[index]) = (.nan, .nan)
            continue
          }
          let share = expectation.share(of: label)
          (losses[index], totals[index]) = (share * (row.logSum - x[label]), share)
          if expectation.smoothing > 0 {
            let others = row.expectation(nil)
            losses[index] += others.loss
            totals[index] += others.total
          }
        case .distributions(let values):
          (losses[index], totals[index]) = row.expectation(values + index * columns)
        }
      }
    }
  }

  /// dx = factor d loss / dx, or dx += that; dx may be the logits unless it accumulates.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ logits: UnsafePointer<S>, _ expectation: Expectation<S>, factor: S,
    logSums: UnsafePointer<S>, totals: UnsafePointer<S>, into gradients: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, mask: UnsafePointer<S>? = nil, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for index in range {
        if let mask, mask[index] == 0 {
          if !accumulate { (gradients + index * columns).update(repeating: 0, count: columns) }
          continue
        }
        let row = Row(logits + index * columns, columns, logSum: logSums[index], expectation)
        let gradient = gradients + index * columns
        switch expectation.targets {
        case .classes(let classes):
          row.writeGradient(
            nil, total: totals[index], factor: factor, into: gradient, accumulate: accumulate)
          if let label = expectation.label(classes, index, columns) {
            gradient[label] -= factor * expectation.share(of: label)
          }
        case .distributions(let values):
          row.writeGradient(
            values + index * columns, total: totals[index], factor: factor, into: gradient,
            accumulate: accumulate)
        }
      }
    }
  }
}

/// One row of logits, whose class c is expected with a[c] = w[c] (uniform + share t[c]).
private struct Row<S: Scalar> {
  let x: UnsafePointer<S>
  let columns: Int
  let weights: UnsafePointer<S>?
  let uniform: S
  let share: S
  /// ln Σ eˣ.
  let logSum: S

  @inline(__always)
  init(
    _ x: UnsafePointer<S>, _ columns: Int, logSum: S,
    _ expectation: SoftmaxCrossEntropy.Expectation<S>
  ) {
    (self.x, self.columns, self.logSum) = (x, columns, logSum)
    weights = expectation.weights
    uniform = expectation.smoothing / S(columns)
    share = 1 - expectation.smoothing
  }

  @inline(__always)
  static func logSum(_ x: UnsafePointer<S>, _ columns: Int) -> S {
    S.vectors.map { S($0.softmax.log_sum_exp(x.asFloat, columns)) } ?? Softmax.logSumExp(x, columns)
  }

  /// Σ a (logSum - x) and Σ a; without targets t is 0.
  @inline(__always)
  func expectation(_ t: UnsafePointer<S>?) -> (loss: S, total: S) {
    if let vectors = S.vectors {
      var total: Float = 0
      let loss = vectors.softmax.cross_entropy(
        x.asFloat, Float(logSum), weights?.asFloat, Float(uniform), t?.asFloat, Float(share),
        columns, &total)
      return (S(loss), S(total))
    }
    var (loss, total): (S, S) = (0, 0)
    for c in 0..<columns {
      let a = expected(c, t)
      total += a
      if a != 0 { loss += a * (logSum - x[c]) }
    }
    return (loss, total)
  }

  /// dx = factor (softmax(x) total - a), or dx += that; without targets t is 0.
  @inline(__always)
  func writeGradient(
    _ t: UnsafePointer<S>?, total: S, factor: S, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool
  ) {
    if let vectors = S.vectors {
      vectors.softmax.cross_entropy_gradient(
        x.asFloat, Float(logSum), Float(factor * total), weights?.asFloat,
        Float(factor * uniform), t?.asFloat, Float(factor * share), dx.asFloat, columns,
        accumulate)
      return
    }
    for c in 0..<columns {
      let value = factor * (total * S.exp(x[c] - logSum) - expected(c, t))
      dx[c] = accumulate ? dx[c] + value : value
    }
  }

  @inline(__always)
  private func expected(_ c: Int, _ t: UnsafePointer<S>?) -> S {
    (weights?[c] ?? 1) * (uniform + (t.map { share * $0[c] } ?? 0))
  }
}
