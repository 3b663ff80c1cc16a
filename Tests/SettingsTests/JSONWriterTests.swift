import Settings
import Testing

@Suite struct JSONWriterTests {
  static let value: JSON = [
    "a": [1, -2.5, true, JSON(.null)], "b": ["c": [[1], []], "d": [:]],
    "e": "q\"\\\n\r\t\u{1}é😀\u{7F}",
    "f": 1e300, "g": JSON(.number(.leastNonzeroMagnitude)), "h": JSON(.number(0.1)), "i": [],
  ]

  @Test(arguments: [false, true]) func whatIsWrittenReadsBackTheSame(indented: Bool) throws {
    let text = Self.value.text(indented: indented)
    #expect(try parse(text).get() == Self.value)
    #expect(try parse(text).get().text(indented: indented) == text)
  }

  @Test func onOneLine() {
    #expect(
      JSON.object(["a": [1, 2.5], "b": [:], "c": ["d": "x\u{1F}\n"]]).text()
        == #"{"a": [1, 2.5], "b": {}, "c": {"d": "x\u001f\n"}}"#)
  }

  @Test func indented() {
    let json: JSON = ["a": [1, 2], "b": [["c": 1]], "d": [:], "e": []]
    #expect(
      json.text(indented: true) == """
        {
          "a": [1, 2],
          "b": [
            {
              "c": 1
            }
          ],
          "d": {},
          "e": []
        }
        """)
  }

  @Test func whatIsNotFiniteBecomesNull() {
    #expect(JSON.array(.nan, .infinity, -.infinity).text() == "[null, null, null]")
  }
}

extension JSON {
  fileprivate static func array(_ numbers: Double...) -> JSON {
    JSON(.array(numbers.map { JSON(.number($0)) }))
  }
}
