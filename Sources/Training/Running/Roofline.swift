import Kernels
import TensorCore

/// What the machine can do at most, measured: a layer is bound by its multiplications or by its memory
/// (S. Williams et al., "Roofline: an insightful visual performance model", 2009).
struct Roofline {
  /// Floating-point operations a second, of a product of matrices of a size that suits it.
  let flops: Double
  /// Bytes a second, of a sum of vectors that no cache holds.
  let bandwidth: Double

  /// The best of a few runs of each, on the threads of a pool.
  init(measuredOn pool: WorkerPool) {
    let (m, n, k) = (1_024, 512, 512)
    let (a, b, c) = (
      Arena<Float>(count: m * k), Arena<Float>(count: k * n), Arena<Float>(count: m * n)
    )
    for index in 0..<a.count { a.base[index] = Float(index % 7) }
    for index in 0..<b.count { b.base[index] = Float(index % 5) }
    let product = Self.least(of: 30) {
      parallelGEMM(pool, m: m, n: n, k: k, a.base, lda: k, b.base, ldb: n, into: c.base, ldc: n)
    }
    flops = 2 * Double(m * n * k) / product
    let count = 16 << 20
    let (x, y) = (Arena<Float>(count: count), Arena<Float>(count: count))
    let sum = Self.least(of: 8) {
      Elementwise.add(x.base, y.base, into: y.base, count: count, pool: pool)
    }
    bandwidth = 3 * Double(count * MemoryLayout<Float>.stride) / sum
  }

  /// The share of what is possible that so much work in so many seconds makes.
  ///
  /// Memory that stays in a cache is faster than the bandwidth that was measured, so the share can be above 1.
  func share(operations: Double, bytes: Double, seconds: Double) -> Double {
    max(operations / flops, bytes / bandwidth) / seconds
  }

  private static func least(of runs: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<runs).map { _ in clock.measure(body) / .seconds(1) }.min() ?? 1
  }
}
