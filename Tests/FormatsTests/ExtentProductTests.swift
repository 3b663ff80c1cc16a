import Testing

@testable import Formats

@Suite struct ExtentProductTests {
  @Test func productsThatCannotBeCountedAreNil() {
    #expect([2, 3].product(times: 4) == 24)
    #expect([].product(times: 4) == 4)
    #expect([2, 0].product(times: 4) == 0)
    #expect([Int.max, 2].product(times: 1) == nil)
    #expect([Int.max].product(times: 2) == nil)
    #expect([0, Int.max, 2].product(times: 1) == nil)
  }
}
