import TensorCore
import Testing

@Suite struct RowSetTests {
  private func runs(_ rows: RowSet, in range: Range<Int>) -> [Range<Int>] {
    var (runs, next): ([Range<Int>], Int) = ([], range.lowerBound)
    rows.forEachRun(in: range) { run, isInSet in
      #expect(run.lowerBound == next && !run.isEmpty)
      next = run.upperBound
      if isInSet { runs.append(run) }
    }
    #expect(next == range.upperBound)
    return runs
  }

  @Test func runsAreTheLongestOnes() {
    let rows = RowSet(of: 200)
    #expect(runs(rows, in: 0..<200) == [])
    for row in [0, 1, 5, 62, 63, 64, 65, 127, 128, 199] { rows.insert(row) }
    #expect(runs(rows, in: 0..<200) == [0..<2, 5..<6, 62..<66, 127..<129, 199..<200])
    #expect(runs(rows, in: 1..<64) == [1..<2, 5..<6, 62..<64])
    #expect(runs(rows, in: 64..<64) == [])
    #expect(runs(rows, in: 66..<127) == [])
    rows.removeAll()
    #expect(runs(rows, in: 0..<200) == [])
  }

  @Test(arguments: [1, 2, 63, 64, 65, 128, 300]) func rowsComeAndGo(tableRows: Int) {
    let rows = RowSet(of: tableRows)
    let random = RandomStream(seed: 1, name: "rows")
    var expected: Set<Int> = []
    for number in 0..<tableRows / 2 {
      let row = random.integer(number, below: tableRows)
      rows.insert(row)
      expected.insert(row)
    }
    #expect(Set(runs(rows, in: 0..<tableRows).joined()) == expected)
    #expect((0..<tableRows).allSatisfy { rows.contains($0) == expected.contains($0) })
    rows.insertAll()
    #expect(runs(rows, in: 0..<tableRows) == [0..<tableRows])
  }
}
