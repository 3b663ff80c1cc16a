import Formats
import Testing

@Suite struct FieldSeparatorTests {
  @Test(arguments: [
    ("a;b;y", ",", FieldSeparator.semicolon), ("a\tb", ",", .tab), ("a|b|c", ",", .bar),
    ("a,b", "\t", .comma), ("1;2,5;3", ",", .semicolon), ("a;b\tc", ",", .semicolon),
  ])
  func `another separator is found where it stands more often`(
    line: String, said: Character, found: FieldSeparator
  ) {
    #expect(FieldSeparator.likely(in: line.utf8, besides: said) == found)
  }

  @Test(arguments: [("a,b", ","), ("a", ","), ("", ","), ("a;b,c", ","), ("a b", ";")])
  func `none is found elsewhere`(line: String, said: Character) {
    #expect(FieldSeparator.likely(in: line.utf8, besides: said) == nil)
  }

  @Test func `tabs are white space`() {
    #expect(FieldSeparator.likely(in: "1\t2\t3".utf8, besides: nil) == nil)
    #expect(FieldSeparator.likely(in: "1, 2, 3".utf8, besides: nil) == .comma)
  }

  @Test func `hints say what to write`() {
    #expect(
      FieldSeparator.semicolon.hint()
        == #"; the line looks divided by semicolons: "separator": ";""#)
    #expect(
      FieldSeparator.tab.hint() == #"; the line looks divided by tabs: "separator": "\t""#)
    #expect(
      FieldSeparator.comma.hint(#""format": "csv""#)
        == #"; the line looks divided by commas: "format": "csv""#)
  }

  @Test(arguments: ["1,5", "-0,25", "1.234,5", "+3,0e4"])
  func `decimal commas are named`(text: String) {
    #expect(decimalCommaHint(for: text) == "; numbers have a decimal point, not a comma")
  }

  @Test(arguments: ["", "1", "1.5", "a,b", ",", "1,", "1,2,3", "NA", "1;5"])
  func `other texts have none`(text: String) { #expect(decimalCommaHint(for: text) == "") }
}
