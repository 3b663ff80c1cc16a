import Formats
import Testing

@Suite struct WordVectorsTests {
  private struct Reading: Equatable {
    var words: [String] = []
    var vectors: [[Float]] = []
    var note: String?
  }

  private func read(_ text: String, width: Int = 3) throws -> Reading {
    try withDirectory { directory in
      try AtomicFile.write("\(directory)/v.vec", Array(text.utf8))
      var reading = Reading()
      do throws(FormatError) {
        reading.note = try WordVectors.read(
          "\(directory)/v.vec", width: width, wants: { _ in true },
          take: { word, numbers in
            reading.words.append(word)
            reading.vectors.append(numbers)
          })
      } catch {
        throw FormatError(error.kind, file: "v.vec", at: error.place, error.message)
      }
      return reading
    }
  }

  private func message(_ text: String) throws -> String {
    let error = #expect(throws: FormatError.self) { try read(text) }
    return error?.description ?? ""
  }

  @Test(arguments: [
    "good 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\n",
    ". . . 4 5 6\ngood 1 2 3\nat name@domain.com 7 8 9\n",
    "\u{FEFF}3 3\r\nat name@domain.com 7 8 9\r\n. . . 4 5 6 \r\ngood 1 2 3 \r\n",
    "\u{FEFF}good 1\t2 3\n\n. . . 4 5 6\nat name@domain.com  7 8 9",
  ])
  func `the last fields of a line are the numbers`(text: String) throws {
    let reading = try read(text)
    let vectors = Dictionary(uniqueKeysWithValues: zip(reading.words, reading.vectors))
    #expect(
      vectors == ["good": [1, 2, 3], ". . .": [4, 5, 6], "at name@domain.com": [7, 8, 9]])
    #expect(reading.note == nil)
  }

  @Test func `with a count in front, numbers may be words`() throws {
    let reading = try read("2 3\n3 1 1 2 3\n4 1 2 3\n")
    #expect(reading.words == ["3 1", "4"])
  }

  @Test(arguments: [(3, "3"), (1, "1")])
  func `a count that is one off is noted`(promised: Int, shown: String) throws {
    let reading = try read("\(promised) 3\ngood 1 2 3\nfilm 4 5 6\n")
    #expect(reading.words == ["good", "film"])
    #expect(reading.note == "the first line promises \(shown) words, the file has 2")
  }

  @Test(arguments: [
    ("4 3\na 1 2 3\nb 1 2 3\n", "v.vec: the first line promises 4 words, the file has 2"),
    ("0 3\na 1 2 3\nb 1 2 3\n", "v.vec: the first line promises 0 words, the file has 2"),
    (
      "9223372036854775807 3\na 1 2 3\n",
      "v.vec: the first line promises 9223372036854775807 words, the file has 1"
    ),
    ("-1 3\na 1 2 3\n", "v.vec:1: expected a word and 3 numbers, got 2 fields"),
    ("2 4\na 1 2 3 4\n", "v.vec:1: expected vectors of 3 numbers, got vectors of 4"),
    ("a 1 2 3 4\n", "v.vec:1: expected a word and 3 numbers, got 5 fields"),
    ("a 1 2 3\nb 1 2\n", "v.vec:2: expected a word and 3 numbers, got 3 fields"),
    ("a 1 2 3\nb 1 x 3\n", "v.vec:2: expected a number, got \"x\""),
    ("a 1 2 3\nb 1 nan 3\n", "v.vec:2: expected a number, got \"nan\""),
  ])
  func `what is wrong is said`(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }
}
