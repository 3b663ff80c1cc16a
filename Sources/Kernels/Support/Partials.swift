import CSIMD
import TensorCore

/// y[i] = Σ parts[p, i] in the order of p, or y[i] += that: how chunks' partial sums come together.
@specialized(where S == Float)
@specialized(where S == Double)
func addPartials<S: Scalar>(
  _ partials: UnsafePointer<S>, parts: Int, count: Int, into y: UnsafeMutablePointer<S>,
  accumulate: Bool, pool: WorkerPool
) {
  pool.run(elements: count, grain: 1_024) { range in
    let first = range.lowerBound
    if let vectors = S.vectors {
      vectors.elementwise.add_partials(
        (partials + first).asFloat, parts, count, range.count, (y + first).asFloat, accumulate)
      return
    }
    for i in range {
      var sum: S = accumulate ? y[i] : 0
      for part in 0..<parts { sum += partials[part * count + i] }
      y[i] = sum
    }
  }
}
