public import TensorCore

/// Softmax and cross-entropy of rows of logits in one pass, with what the gradient needs.
///
/// With p = softmax(x), the target distribution t, label smoothing ε over C classes and class weights w:
///
///     a[c] = w[c] ((1 - ε) t[c] + ε / C)      loss = Σ_c a[c] (-ln p[c])      d loss / dx[c] = p[c] Σ a - a[c]
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

  /// Writes the loss of each row and its gradient with respect to the row's logits.
  ///
  /// A class number outside 0..<columns gives a loss that is not a number.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ logits: UnsafePointer<S>, targets: Targets<S>, weights: UnsafePointer<S>?, smoothing: S,
    losses: UnsafeMutablePointer<S>, gradients: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    let spread = smoothing / S(columns)
    pool.run(Chunks(rows: rows, of: columns, elements: 8_192)) { range in
      for row in range {
        let (x, g) = (logits + row * columns, gradients + row * columns)
        let logSum = softmaxRow(x, into: g, count: columns)
        switch targets {
        case .classes(let classes) where smoothing == 0:
          let label = classes[row]
          guard label >= 0, label < S(columns) else {
            losses[row] = .nan
            continue
          }
          let index = Int(label)
          let weight = weights?[index] ?? 1
          losses[row] = weight * (logSum - x[index])
          if weight != 1 { for c in 0..<columns { g[c] *= weight } }
          g[index] -= weight
        case .classes(let classes):
          let label = classes[row]
          guard label >= 0, label < S(columns) else {
            losses[row] = .nan
            continue
          }
          losses[row] = combine(x, g, logSum, weights, columns) {
            spread + ($0 == Int(label) ? 1 - smoothing : 0)
          }
        case .distributions(let values):
          let target = values + row * columns
          losses[row] = combine(x, g, logSum, weights, columns) {
            spread + (1 - smoothing) * target[$0]
          }
        }
      }
    }
  }

  /// Turns the probabilities `g` of a row into its gradient; the loss of the row.
  @inline(__always)
  private static func combine<S: Scalar>(
    _ x: UnsafePointer<S>, _ g: UnsafeMutablePointer<S>, _ logSum: S,
    _ weights: UnsafePointer<S>?, _ columns: Int, _ target: (Int) -> S
  ) -> S {
    var (loss, total): (S, S) = (0, 0)
    for c in 0..<columns {
      let share = (weights?[c] ?? 1) * target(c)
      loss += share * (logSum - x[c])
      total += share
    }
    for c in 0..<columns { g[c] = g[c] * total - (weights?[c] ?? 1) * target(c) }
    return loss
  }
}
