import Kernels
import TensorCore
import Testing

@Suite struct WeightsTests {
  private let pool = WorkerPool(threads: 2)

  @Test func penaltyGradient() {
    let gradients = Guarded<Double>([1, 1, 1])
    Weights.addPenaltyGradient(
      of: Guarded<Double>([2, -3, 0]).base, l1: 0.5, l2: 0.25, to: gradients.base, count: 3,
      pool: pool)
    #expect(gradients.values == [1 + 0.5 + 1, 1 - 0.5 - 1.5, 1])
  }

  @Test func movingAverage() {
    let averages = Guarded<Double>([1, 2])
    Weights.average(
      Guarded<Double>([3, -2]).base, into: averages.base, decay: 0.75, count: 2, pool: pool)
    #expect(averages.values == [1.5, 1])
  }

  @Test(arguments: oddLengths)
  func floatAgreesWithDouble(count: Int) {
    let (w, g) = (normals(count, "w"), normals(count, "g"))
    var fast = Guarded<Float>(g, offset: 1)
    var slow = Guarded<Double>(g)
    Weights.addPenaltyGradient(
      of: Guarded<Float>(w, offset: 3).base, l1: 0.3, l2: 0.7, to: fast.base, count: count,
      pool: pool)
    Weights.addPenaltyGradient(
      of: Guarded<Double>(w).base, l1: 0.3, l2: 0.7, to: slow.base, count: count, pool: pool)
    expectClose(fast.values, slow.values, within: 1e-6, "penalty")
    fast.expectUntouchedMargins()

    fast = Guarded<Float>(g, offset: 1)
    slow = Guarded<Double>(g)
    Weights.average(
      Guarded<Float>(w, offset: 2).base, into: fast.base, decay: 0.99, count: count, pool: pool)
    Weights.average(
      Guarded<Double>(w).base, into: slow.base, decay: 0.99, count: count, pool: pool)
    expectClose(fast.values, slow.values, within: 1e-6, "average")
    fast.expectUntouchedMargins()
  }
}
