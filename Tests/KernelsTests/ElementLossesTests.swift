import Kernels
import TensorCore
import Testing

@Suite struct ElementLossesTests {
  private let pool = WorkerPool(threads: 2)

  /// f and ∂f/∂p as they are defined, in `Double`.
  private func definition(
    _ function: ElementLosses.Function, _ p: Double, _ t: Double
  ) -> (value: Double, slope: Double) {
    let d = p - t
    switch function {
    case .squared: return (d * d, 2 * d)
    case .absolute: return (abs(d), d == 0 ? 0 : d / abs(d))
    case .huber(let delta):
      return abs(d) <= delta
        ? (d * d / 2, d) : (delta * (abs(d) - delta / 2), d < 0 ? -delta : delta)
    case .logistic:
      // Both logarithms by the side that does not round to 1.
      let (yes, no) = (Double.log(onePlus: .exp(-abs(p))), abs(p))
      return (
        t * (p > 0 ? yes : yes + no) + (1 - t) * (p > 0 ? yes + no : yes), 1 / (1 + .exp(-p)) - t
      )
    }
  }

  @Test(arguments: [1, 15, 100, 70_001])
  func agreeWithTheirDefinitions(count: Int) {
    for function in [.squared, .absolute, .huber(delta: 0.75), .logistic]
      as [ElementLosses.Function]
    {
      let p = normals(count, scale: 3).map { Double(Float($0)) }
      let t = normals(count, "t").map { Double(Float($0)) }
      check(function, p, t, Float.self, tolerance: 2e-6)
      check(function, p, t, Double.self, tolerance: 1e-13)
    }
  }

  /// Sure answers: wrong ones cost what they are wrong by, right ones almost nothing but not nothing.
  @Test func logitsOfAnySizeGiveFiniteLosses() {
    let p: [Double] = [1_000, -1_000, 1_000, -1_000, 20, -20, 0]
    let t: [Double] = [1, 0, 0, 1, 1, 0, 1]
    check(.logistic, p, t, Float.self, tolerance: 2e-6)
    check(.logistic, p, t, Double.self, tolerance: 1e-13)
    let sure = Guarded<Float>([20], offset: 1)
    let loss = ElementLosses.sum(.logistic, sure.base, .constant(1), count: 1, pool: pool)
    #expect(abs(loss / 2.061_153_6e-9 - 1) < 1e-5)
  }

  @Test func whatIsNotANumberShows() {
    let p = Guarded<Float>([1, .nan, 2], offset: 1)
    for function in [.squared, .absolute, .huber(delta: 1), .logistic]
      as [ElementLosses.Function]
    {
      #expect(
        ElementLosses.sum(function, p.base, .constant(1), count: 3, pool: pool).isNaN)
    }
  }

  private func check<S: Scalar>(
    _ function: ElementLosses.Function, _ p: [Double], _ t: [Double], _: S.Type,
    tolerance: Double
  ) {
    let (prediction, elements) = (Guarded<S>(p, offset: 1), Guarded<S>(t, offset: 2))
    let variants: [(ElementLosses.Targets<S>, [Double])] = [
      (.elements(elements.base), t), (.constant(0.25), p.map { _ in 0.25 }),
    ]
    for (targets, t) in variants {
      let expected = zip(p, t).map { definition(function, $0, $1) }
      let sum = ElementLosses.sum(
        function, prediction.base, targets, count: p.count, pool: pool)
      let total = expected.reduce(0) { $0 + $1.value }
      #expect(abs(sum - total) <= tolerance * max(1, total))
      for accumulate in [false, true] {
        let start = accumulate ? normals(p.count, "dp") : Array(repeating: .nan, count: p.count)
        let dp = Guarded<S>(start, offset: 3)
        ElementLosses.gradient(
          function, prediction.base, targets, factor: 0.5, into: dp.base, count: p.count,
          accumulate: accumulate, pool: pool)
        expectClose(
          dp.values,
          zip(expected, start).map { 0.5 * $0.slope + (accumulate ? $1 : 0) },
          within: tolerance)
      }
    }
  }
}
