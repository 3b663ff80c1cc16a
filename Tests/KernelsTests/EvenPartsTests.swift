import Testing

@testable import Kernels

@Suite struct EvenPartsTests {
  @Test(arguments: [0, 1, 13, 14, 15, 192, 2_176, 32_768], [1, 2, 3, 16, 335])
  func areAllItemsInOrderAndDifferByAUnit(items: Int, wanted: Int) {
    let unit = 14
    let parts = EvenParts(of: items, count: wanted, multipleOf: unit)
    #expect(parts.count <= wanted && (parts.count == 0) == (items == 0))
    var end = 0
    for part in 0..<parts.count {
      let range = parts.range(part)
      #expect(range.lowerBound == end && !range.isEmpty)
      end = range.upperBound
      let (shorter, longer) = parts.lengths
      if part < parts.count - 1 {
        #expect(range.count == shorter || range.count == longer)
      } else {
        #expect(range.count <= longer)
      }
      #expect(longer - shorter <= unit)
    }
    #expect(end == items)
  }
}
