import Kernels
import TensorCore
import Testing

@Suite struct EmbeddingTests {
  private let pool = WorkerPool(threads: 2)

  /// Token numbers with many repetitions.
  private func tokens(_ count: Int, vocabulary: Int) -> [Double] {
    let random = RandomStream(seed: 3, name: "tokens")
    return (0..<count).map { Double(random.integer($0, below: vocabulary)) }
  }

  @Test(arguments: [(1, 1, 1), (5, 3, 7), (40, 17, 33), (9, 11, 0), (0, 4, 5), (700, 29, 131)])
  func gatherAndScatter(count: Int, vocabulary: Int, units: Int) {
    let numbers = tokens(count, vocabulary: vocabulary)
    let table = normals(vocabulary * units, "table")
    let dy = normals(count * units, "dy")
    let places = Guarded<Float>(numbers, offset: 1)

    let y = Guarded<Float>(garbage: count * units, offset: 3)
    Embedding.gather(
      Guarded<Float>(table, offset: 1).base, vocabulary: vocabulary, units: units,
      tokens: places.base, count: count, into: y.base, pool: pool)
    #expect(
      y.values
        == numbers.flatMap { Array(table[Int($0) * units..<(Int($0) + 1) * units]) })
    y.expectUntouchedMargins()

    for accumulate in [false, true] {
      let initial = accumulate ? table : Array(repeating: .nan, count: table.count)
      var expected = accumulate ? table : Array(repeating: 0, count: table.count)
      for n in 0..<count {
        for u in 0..<units { expected[Int(numbers[n]) * units + u] += dy[n * units + u] }
      }
      let fast = Guarded<Float>(initial, offset: 1)
      let slow = Guarded<Double>(initial)
      Embedding.scatterAdd(
        Guarded<Float>(dy, offset: 2).base, tokens: places.base, count: count, units: units,
        vocabulary: vocabulary, into: fast.base, accumulate: accumulate, pool: pool)
      Embedding.scatterAdd(
        Guarded<Double>(dy).base, tokens: Guarded<Double>(numbers).base, count: count,
        units: units, vocabulary: vocabulary, into: slow.base, accumulate: accumulate, pool: pool)
      #expect(slow.values == expected)
      expectClose(fast.values, expected, within: 1e-5)
      fast.expectUntouchedMargins()
    }
  }

  /// One step after another: the gradient is what it would be in fresh memory, and what is not in the set is zero.
  @Test func onlyRowsThatWereMovedAreZeroed() {
    let (vocabulary, units, count) = (300, 33, 40)
    let rows = RowSet(of: vocabulary)
    let table = Guarded<Float>([Double](repeating: 0, count: vocabulary * units))
    for step in 0..<5 {
      let random = RandomStream(seed: 4, name: "step \(step)")
      let tokens = Guarded<Float>((0..<count).map { Double(random.integer($0, below: 310)) })
      let dy = Guarded<Float>(normals(count * units, "dy \(step)"))
      func add(into table: Guarded<Float>, accumulate: Bool, rows: RowSet?) {
        Embedding.scatterAdd(
          dy.base, tokens: tokens.base, count: count, units: units, vocabulary: vocabulary,
          into: table.base, accumulate: accumulate, rows: rows, pool: pool)
      }
      let fresh = Guarded<Float>(garbage: vocabulary * units)
      for accumulate in [false, true] {
        add(into: table, accumulate: accumulate, rows: rows)
        add(into: fresh, accumulate: accumulate, rows: nil)
        #expect(table.bits == fresh.bits)
      }
      let moved = Set(tokens.values.map(Int.init).filter { $0 < vocabulary })
      #expect(Set((0..<vocabulary).filter(rows.contains)) == moved)
    }
    table.expectUntouchedMargins()
  }

  @Test func straysTouchNoMemory() {
    func check<S: Scalar>(_: S.Type) {
      let strays = Guarded<S>([0, -1, 2, 3, 1e30, .nan, .infinity, -.infinity, 1])
      let table = Guarded<S>([1, 2, 3])
      let y = Guarded<S>([Double](repeating: 0, count: 9))
      Embedding.gather(
        table.base, vocabulary: 3, units: 1, tokens: strays.base, count: 9, into: y.base,
        pool: pool)
      #expect([y.values[0], y.values[2], y.values[8]] == [1, 3, 2])
      #expect([1, 3, 4, 5, 6, 7].allSatisfy { y.values[$0].isNaN })
      let ones = Guarded<S>([Double](repeating: 1, count: 9))
      Embedding.scatterAdd(
        ones.base, tokens: strays.base, count: 9, units: 1, vocabulary: 3, into: table.base,
        accumulate: true, pool: pool)
      #expect(table.values == [2, 3, 4])
      table.expectUntouchedMargins()
      #expect(Embedding.firstStray(among: strays.base, count: 9, vocabulary: 3) == 1)
      #expect(Embedding.firstStray(among: strays.base, count: 1, vocabulary: 3) == nil)
    }
    check(Float.self)
    check(Double.self)
    // 2²⁴ + 3 rounds up to the token as a Float.
    let large = Guarded<Float>([0x1p24 + 4])
    #expect(Embedding.firstStray(among: large.base, count: 1, vocabulary: (1 << 24) + 3) == 0)
  }

  @Test func sameBitsForAnyThreads() {
    let (count, vocabulary, units) = (900, 13, 300)
    let numbers = Guarded<Float>(tokens(count, vocabulary: vocabulary))
    let dy = Guarded<Float>(normals(count * units, "dy"))
    expectSameForAnyThreads { pool in
      let table = Guarded<Float>(garbage: vocabulary * units)
      Embedding.scatterAdd(
        dy.base, tokens: numbers.base, count: count, units: units, vocabulary: vocabulary,
        into: table.base, accumulate: false, pool: pool)
      return table.bits
    }
  }
}
