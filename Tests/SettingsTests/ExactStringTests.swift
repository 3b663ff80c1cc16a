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
    #expect(["x", one, other].firstIndex(named: other) == 2)
    #expect(["x", other, one].firstIndex(named: one) == 2)
    #expect(["x", one].firstIndex(named: other) == 1)
    #expect(["x"].firstIndex(named: other) == nil)
    #expect([one, other].isExactly([one, other]))
    #expect(![one].isExactly([other]) && ![one].isExactly([one, one]))
    let both = NameNumbers(["x", one, other, one])
    #expect([both[one], both[other], both["x"], both["y"]] == [1, 2, 0, nil])
    let single = NameNumbers(["x", one])
    #expect([single[one], single[other]] == [1, 1])
    let part = NameNumbers(["x", one, other], besides: ["x", one])
    #expect([part[one], part[other], part["x"]] == [2, 2, nil])
  }
}
