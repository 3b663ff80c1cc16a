import CSIMD
public import TensorCore

/// Softmax and cross-entropy of rows of logits, with the gradient.
///
/// With p = softmax(x), the target distribution t, label smoothing ε over C classes and class weights w:
///
///     a[c] = w[c] ((1 - ε) t[c] + ε / C)      loss = Σ a[c] (-ln p[c])      d loss / dx[c] = p[c] Σ a - a[c]
///
/// as PyTorch's `cross_entropy` defines them.
public enum SoftmaxCrossEntropy {
  /// The targets of the rows.
  public enum Targets<S: Scalar> {
    /// One class number a row.
    case classes(UnsafePointer<S>)
    /// A distribution over the classes a row.
    case distributions(UnsafePointer<S>)
  }

  /// Writes the loss of each row and its gradient with respect to the row's logits; `gradients` may be `logits`.
  ///
  /// A class number outside 0..<columns gives a loss and gradients that are not numbers.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ logits: UnsafePointer<S>, targets: Targets<S>, weights: UnsafePointer<S>?, smoothing: S,
    losses: UnsafeMutablePointer<S>, gradients: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Softmax.chunks(rows: rows, columns: columns)) { range in
      for index in range {
        let row = Row(
          x: logits + index * columns, columns: columns, weights: weights,
          uniform: smoothing / S(columns), share: 1 - smoothing)
        let gradient = gradients + index * columns
        switch targets {
        case .classes(let classes):
          let label = classes[index]
          guard label >= 0, label < S(columns) else {
            losses[index] = .nan
            gradient.update(repeating: .nan, count: columns)
            continue
          }
          let expected = row.share * (weights?[Int(label)] ?? 1)
          losses[index] = expected * (row.logSum - logits[index * columns + Int(label)])
          var total = expected
          if smoothing > 0 {
            let others = row.expectation(nil)
            losses[index] += others.loss
            total += others.total
          }
          row.writeGradient(nil, total: total, into: gradient)
          gradient[Int(label)] -= expected
        case .distributions(let values):
          let target = values + index * columns
          let (loss, total) = row.expectation(target)
          losses[index] = loss
          row.writeGradient(target, total: total, into: gradient)
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
    x: UnsafePointer<S>, columns: Int, weights: UnsafePointer<S>?, uniform: S, share: S
  ) {
    self.x = x
    self.columns = columns
    self.weights = weights
    self.uniform = uniform
    self.share = share
    logSum =
      S.isFloat ? S(csimd_log_sum_exp(x.asFloat, columns)) : Softmax.logSumExp(x, columns)
  }

  /// Σ a (logSum - x) and Σ a; without targets t is 0.
  @inline(__always)
  func expectation(_ t: UnsafePointer<S>?) -> (loss: S, total: S) {
    if S.isFloat {
      var total: Float = 0
      let loss = csimd_cross_entropy(
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

  /// dx = softmax(x) total - a; without targets t is 0.
  @inline(__always)
  func writeGradient(_ t: UnsafePointer<S>?, total: S, into dx: UnsafeMutablePointer<S>) {
    if S.isFloat {
      csimd_cross_entropy_gradient(
        x.asFloat, Float(logSum), Float(total), weights?.asFloat, Float(uniform), t?.asFloat,
        Float(share), dx.asFloat, columns)
      return
    }
    for c in 0..<columns { dx[c] = total * S.exp(x[c] - logSum) - expected(c, t) }
  }

  @inline(__always)
  private func expected(_ c: Int, _ t: UnsafePointer<S>?) -> S {
    (weights?[c] ?? 1) * (uniform + (t.map { share * $0[c] } ?? 0))
  }
}
