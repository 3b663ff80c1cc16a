import Kernels
import TensorCore
import Testing

@Suite struct GaussianTests {
  private let pool = WorkerPool(threads: 2)

  @Test(arguments: oddLengths) func floatAgreesWithDouble(count: Int) {
    let (m, v, z) = (normals(count, "m"), normals(count, "v", scale: 2), normals(count, "z"))
    func run<S: Scalar>(_: S.Type) -> [[Double]] {
      let (mean, logVariance) = (Guarded<S>(m, offset: 1), Guarded<S>(v, offset: 2))
      let (noise, y) = (Guarded<S>(z, offset: 3), Guarded<S>(garbage: count))
      let gradient = Guarded<S>(z)
      Gaussian.sample(
        mean: mean.base, logVariance: logVariance.base, noise: noise.base, into: y.base,
        count: count, pool: pool)
      let sum = Gaussian.divergence(
        mean: mean.base, logVariance: logVariance.base, count: count, pool: pool)
      for accumulate in [false, true] {
        Gaussian.divergenceGradient(
          logVariance: logVariance.base, factor: 0.5, into: gradient.base, count: count,
          accumulate: accumulate, pool: pool)
      }
      for buffer in [noise, y, gradient] { buffer.expectUntouchedMargins() }
      return [noise.values, y.values, gradient.values, [sum / Double(max(1, count))]]
    }
    for (fast, slow) in zip(run(Float.self), run(Double.self)) {
      expectClose(fast, slow, within: 2e-6)
    }
  }

  @Test func theStandardDistributionIsNoDistanceAway() {
    let zeros = Guarded<Double>([0, 0, 0])
    #expect(
      Gaussian.divergence(mean: zeros.base, logVariance: zeros.base, count: 3, pool: pool) == 0)
  }
}
