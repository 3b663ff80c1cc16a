import Settings
import Testing

@Suite struct ExactStringTests {
  @Test(arguments: [
    ("\u{E9}", "e\u{301}"), ("\u{AC00}", "\u{1100}\u{1161}"), ("\u{212B}", "\u{C5}"),
    ("\u{958}", "\u{915}\u{93C}"),
  ])
  func `canonically equivalent texts differ`(one: String, other: String) {
    #expect(one == other)
    #expect(!one.isExactly(other))
    #expect(one.isExactly(one[...]))
    #expect(ExactString(one) != ExactString(other))
    #expect(Set([one, other, one].map(ExactString.init)).count == 2)
  }
}
