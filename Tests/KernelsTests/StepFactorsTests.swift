import Kernels
import TensorCore
import Testing

@Suite struct StepFactorsTests {
  @Test(arguments: [(3, 5, 1), (40, 9, 17), (2, 700, 32)])
  func stepsShareTheirFactors(batch: Int, steps: Int, features: Int) {
    check(Float.self, batch, steps, features, tolerance: 1e-6)
    check(Double.self, batch, steps, features, tolerance: 1e-14)
  }

  private func check<S: Scalar>(
    _: S.Type, _ batch: Int, _ steps: Int, _ features: Int, tolerance: Double
  ) {
    let (x, factors) = (normals(batch * steps * features), normals(batch * features, "a"))
    for accumulate in [false, true] {
      let start = accumulate ? normals(x.count, "y") : x.map { _ in .nan }
      let y = Guarded<S>(start, offset: 3)
      StepFactors.multiply(
        Guarded<S>(x, offset: 1).base, by: Guarded<S>(factors, offset: 2).base, into: y.base,
        batch: batch, steps: steps, features: features, accumulate: accumulate,
        pool: WorkerPool(threads: 2))
      let expected = x.indices.map { i in
        let product = x[i] * factors[i / (steps * features) * features + i % features]
        return accumulate ? start[i] + product : product
      }
      expectClose(y.values, expected, within: tolerance)
      y.expectUntouchedMargins()
    }
  }
}
