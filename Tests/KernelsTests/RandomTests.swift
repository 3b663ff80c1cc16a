import TensorCore
import Testing

@testable import Kernels

@Suite struct RandomTests {
  private let pool = WorkerPool(threads: 2)
  private let random = RandomStream(
    seed: 0xFEDC_BA98_7654_3210, stream: 0x0123_4567_89AB_CDEF, step: 77)

  @Test(arguments: oddLengths)
  func vectorWordsAreTheStreams(count: Int) {
    let words = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
    defer { words.deallocate() }
    words[count] = 0xABCD
    RandomFill.words(into: words, count: count, random: random, pool: pool)
    #expect((0..<count).allSatisfy { words[$0] == random.word($0) })
    #expect(words[count] == 0xABCD)
  }

  @Test(arguments: oddLengths)
  func dropoutAgreesWithTheReference(count: Int) {
    let x = normals(count)
    for accumulate in [false, true] {
      let initial = accumulate ? normals(count, "y") : Array(repeating: .nan, count: count)
      let fast = Guarded<Float>(initial, offset: 1)
      let slow = Guarded<Double>(initial)
      Dropout.apply(
        Guarded<Float>(x, offset: 3).base, into: fast.base, count: count, rate: 0.3,
        random: random, accumulate: accumulate, pool: pool)
      Dropout.apply(
        Guarded<Double>(x).base, into: slow.base, count: count, rate: 0.3, random: random,
        accumulate: accumulate, pool: pool)
      expectClose(fast.values, slow.values, within: 1e-6)
      fast.expectUntouchedMargins()
    }
  }

  @Test(arguments: [0, 0.1, 0.5, 0.999])
  func dropoutDropsTheShareAskedForAndKeepsTheMean(rate: Double) {
    let count = 400_000
    let y = Guarded<Float>(garbage: count)
    let ones = Guarded<Float>(Array(repeating: 1, count: count))
    Dropout.apply(
      ones.base, into: y.base, count: count, rate: rate, random: random, pool: pool)
    let values = y.values
    let dropped = Double(values.count { $0 == 0 }) / Double(count)
    // Five standard deviations.
    #expect(abs(dropped - rate) <= 5 * (rate * (1 - rate) / Double(count)).squareRoot())
    #expect(values.allSatisfy { $0 == 0 || abs($0 * (1 - rate) - 1) < 1e-6 })
    Dropout.apply(
      ones.base, into: ones.base, count: count, rate: rate, random: random, pool: pool)
    #expect(ones.bits == y.bits)
  }

  @Test func thresholds() {
    #expect(Dropout.threshold(rate: 0) == 0)
    #expect(Dropout.threshold(rate: 0.5) == 0x8000_0000)
    #expect(Dropout.threshold(rate: 1) == .max)
  }

  @Test(arguments: oddLengths)
  func fillsAgreeWithTheStream(count: Int) {
    let y = Guarded<Float>(garbage: count, offset: 3)
    RandomFill.uniform(
      into: y.base, count: count, low: -0.5, high: 2, random: random, pool: pool)
    expectClose(y.values, (0..<count).map { -0.5 + 2.5 * random.uniform($0) }, within: 3e-7)
    RandomFill.normal(
      into: y.base, count: count, mean: 0.25, deviation: 2, random: random, pool: pool)
    // The stream's normal numbers, to 1e-6 of a deviation.
    expectClose(y.values, (0..<count).map { 0.25 + 2 * random.normal($0) }, within: 2e-6)
    let x = Guarded<Float>(normals(count), offset: 1)
    RandomFill.addNormal(
      to: x.base, into: x.base, count: count, deviation: 0.5, random: random, pool: pool)
    let noisy = zip(normals(count), 0..<count).map { $0 + 0.5 * random.normal($1) }
    expectClose(x.values, noisy, within: 1e-6)
    x.expectUntouchedMargins()
    y.expectUntouchedMargins()

    let double = Guarded<Double>(garbage: count)
    RandomFill.normal(into: double.base, count: count, random: random, pool: pool)
    #expect(double.bits == (0..<count).map { random.normal($0) })
    RandomFill.uniform(into: double.base, count: count, random: random, pool: pool)
    #expect(double.bits == (0..<count).map { random.uniform($0) })
    RandomFill.addNormal(
      to: Guarded<Double>(normals(count)).base, into: double.base, count: count, deviation: 0.5,
      random: random, pool: pool)
    #expect(double.bits == noisy)
  }

  @Test func sameBitsForAnyThreads() {
    let count = 100_003
    expectSameForAnyThreads { pool in
      let (x, y) = (Guarded<Float>(normals(count)), Guarded<Float>(garbage: count))
      Dropout.apply(x.base, into: y.base, count: count, rate: 0.4, random: random, pool: pool)
      RandomFill.normal(into: x.base, count: count, random: random, pool: pool)
      return [x.bits, y.bits]
    }
  }
}
