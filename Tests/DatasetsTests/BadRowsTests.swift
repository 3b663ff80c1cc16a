import Datasets
import Formats
import Foundation
import Settings
import Testing

/// Rows that are not as they should be, left out where the settings say so.
@Suite struct BadRowsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ settings: String, skips: Bool = true) throws -> any Dataset {
    let skip = skips ? #", "on_bad_row": "skip""# : ""
    return try reader("{\(settings)\(skip)}", in: directory).open()
  }

  /// The notes, without the directory of the test.
  private func notes(_ data: any Dataset) -> [String] {
    data.notes.map { $0.replacingOccurrences(of: directory.path + "/", with: "") }
  }

  private func column(_ data: any Dataset, _ field: Int) throws -> [Float] {
    try (0..<data.count).map { try row(data, $0, field)[0] }
  }

  /// Twenty rows of a number and a label, of which some are replaced, and what the others are.
  private func lines(
    _ separator: String, _ bad: [Int: [UInt8]]
  ) -> (text: [UInt8], good: [Float]) {
    let rows = (0..<20).map { bad[$0] ?? Array("\($0)\(separator)\($0 % 2 == 0 ? "a" : "b")".utf8) }
    return (
      Array(rows.joined(separator: [0x0A])) + [0x0A],
      (0..<20).filter { bad[$0] == nil }.map(Float.init)
    )
  }

  private static let csv = #""type": "csv", "path": "x.csv", "label": "y""#

  @Test(arguments: [
    ("7", "expected 2 fields as in the header, got 1"),
    ("7,a,9", "expected 2 fields as in the header, got 3"),
    (",a", #"expected a number in the column "x", got an empty field"#),
    ("seven,a", #"expected a number in the column "x", got "seven""#),
    ("nan,a", #"expected a number in the column "x", got "nan""#),
    ("1e300,a", #"expected a number that a Float can hold in the column "x", got 1e+300"#),
    ("7,", #"expected a label in the column "y", got an empty field"#),
    (#"7,a"b"#, "a quote within a field; put the field in quotes and double it"),
    (#""7"7,a"#, "expected a separator or the end of the line after the closing quote"),
    ("7,\u{7F}", "a field that is not valid UTF-8"),
  ])
  func `a row of CSV that is bad is left out`(text: String, reason: String) throws {
    let bad = Array(text.utf8).map { $0 == 0x7F ? 0xFF : $0 }
    let (rows, good) = lines(",", [7: bad, 12: bad])
    try directory.write("x.csv", Array("x,y\n".utf8) + rows)
    let data = try open(Self.csv)
    #expect(try column(data, 0) == good)
    #expect(try column(data, 1) == good.map { $0.truncatingRemainder(dividingBy: 2) })
    #expect(
      notes(data) == [
        "x.csv: 2 of 20 rows are bad and left out: line 9: \(reason); line 14: \(reason)"
      ])
    #expect(
      complaint(directory) { _ = try open(Self.csv, skips: false) } == "x.csv:9: \(reason)")
  }

  @Test func `what is not used of a table may be anything`() throws {
    try directory.write("x.csv", "x,y,z\n1,a,?\n2,b,\n3,a,5\n")
    let data = try open(Self.csv + #", "features": ["x"]"#)
    #expect(try column(data, 0) == [1, 2, 3])
    #expect(data.notes.isEmpty)
  }

  @Test func `more than a tenth is an error that says how many and why`() throws {
    let bad = Array("?,a".utf8)
    try directory.write("x.csv", Array("x,y\n".utf8) + lines(",", [1: bad, 4: bad]).text)
    #expect(try open(Self.csv).count == 18)
    try directory.write(
      "x.csv", Array("x,y\n".utf8) + lines(",", [1: bad, 4: bad, 5: [], 6: bad, 9: bad]).text)
    let reason = #"expected a number in the column "x", got "?""#
    #expect(
      complaint(directory) { _ = try open(Self.csv) }
        == #"x.csv: 4 of 19 rows are bad, more than the tenth that "on_bad_row": "skip" leaves out: "#
        + "line 3: \(reason); line 6: \(reason); line 8: \(reason); and 1 more")
    try directory.write("x.csv", "x,y\n?,a\n?,b\n")
    #expect(complaint(directory) { _ = try open(Self.csv) }.hasPrefix("x.csv: 2 of 2 rows are bad"))
    try directory.write("x.csv", "x,y\n")
    #expect(
      complaint(directory) { _ = try open(Self.csv) }
        == "x.csv: expected rows behind the header, got none")
  }

  @Test func `open quotes and unknown labels stay errors`() throws {
    try directory.write("x.csv", Array("x,y\n".utf8) + lines(",", [3: Array("3,\"a".utf8)]).text)
    #expect(
      complaint(directory) { _ = try open(Self.csv) } == "x.csv:5: a quote that nothing closes")
    try directory.write("x.csv", Array("x,y\n".utf8) + lines(",", [3: Array("3,c".utf8)]).text)
    let known = Self.csv + #", "classes": ["a", "b"]"#
    #expect(
      complaint(directory) { _ = try open(known) }
        == #"x.csv:5: no class "c" in the column "y" (known: a, b)"#)
  }

  @Test func `a column that numbers the rows does so where one of them is bad`() throws {
    let rows = (0..<20).map { $0 == 5 ? "x,?,a" : "\($0),\(2 * $0),b" }
    try directory.write("x.csv", ",x,y\n" + rows.joined(separator: "\n"))
    let data = try open(Self.csv)
    #expect(data.fields[0].shape == [1])
    #expect(try column(data, 0) == (0..<20).filter { $0 != 5 }.map { Float(2 * $0) })
    #expect(data.fields[1].classNames == ["b"])
  }

  @Test func `a file to predict is read whole`() throws {
    let (rows, _) = lines(",", [3: Array("?,a".utf8)])
    try directory.write("x.csv", Array("x,y\n".utf8) + rows)
    let skipping = try reader(#"{\#(Self.csv), "on_bad_row": "skip"}"#, in: directory)
    #expect(
      complaint(directory) { _ = try skipping.rows("x.csv", in: directory, of: ["features"]) }
        == #"x.csv:5: expected a number in the column "x", got "?""#)
  }

  @Test func `a checkpoint keeps the setting`() throws {
    try directory.write("x.csv", Array("x,y\n".utf8) + lines(",", [3: Array("?,a".utf8)]).text)
    let open = try spec(
      #"{"train": {\#(Self.csv), "on_bad_row": "skip"}, "test": {\#(Self.csv), "on_bad_row": "skip"}}"#,
      in: directory
    ).open(seed: 1)
    #expect(open.notes.count == 2 && open.notes[1].contains("trained on too"))
    let again = try spec(open.fitted.json.text(), in: directory).open([.test], seed: 1)
    #expect(again[.test]?.count == 19)
    #expect(again.notes == [open.notes[0]])
  }

  @Test(arguments: [
    ("x.tsv", "x\ty\n", "\t", "7", "expected 2 columns, as in the first line, got 1"),
    ("x.tsv", "x\ty\n", "\t", "\ta", "expected a number, got an empty field"),
    ("x.tsv", "x\ty\n", "\t", "7\t", #"expected a label for "y", got an empty field"#),
    ("x.tsv", "x\ty\n", "\t", "7\t\u{7F}", "expected text in UTF-8, got other bytes"),
    ("x.csv", "x,y\n", ",", "7", "expected 2 fields as in the header, got 1"),
    ("x.csv", "x,y\n", ",", "?,a", #"expected a number, got "?""#),
    ("x.csv", "x,y\n", ",", "7,\u{7F}", "a field that is not valid UTF-8"),
  ])
  func `a row of a table that is bad is left out`(
    file: String, header: String, separator: String, text: String, reason: String
  ) throws {
    let bad = Array(text.utf8).map { $0 == 0x7F ? 0xFF : $0 }
    let (rows, good) = lines(separator, [4: bad])
    try directory.write(file, Array(header.utf8) + rows)
    let settings =
      #""type": "table", "path": "\#(file)", "texts": {"t": {"column": "y", "length": 1}}, "#
      + #""classes": {"y": {}}, "numbers": {"x": {}}"#
    let data = try open(settings)
    #expect(try column(data, 2) == good)
    #expect(try column(data, 1) == good.map { $0.truncatingRemainder(dividingBy: 2) })
    #expect(data.fields[0].classNames == ["<pad>", "<unk>", "b", "a"])
    #expect(notes(data) == ["\(file): 1 of 20 rows are bad and left out: line 6: \(reason)"])
    #expect(
      complaint(directory) { _ = try open(settings, skips: false) } == "\(file):6: \(reason)")
  }

  @Test(arguments: [
    ("{\"x\": 7", "expected"), ("[7]", "expected a JSON object, got a list of 1"),
    (#"{"x": 7}"#, #"the object has no "y""#),
    (#"{"x": null, "y": "a"}"#, "expected a string, a number or a boolean as \"x\", got null"),
    (#"{"x": "?", "y": "a"}"#, #"expected a number, got "?""#),
    (#"{"x": 7, "y": ""}"#, #"expected a label for "y", got an empty field"#),
    ("{\"x\": 7, \"y\": \"\u{7F}\"}", ""),
  ])
  func `a line of JSON that is bad is left out`(text: String, reason: String) throws {
    var bytes: [UInt8] = []
    for number in 0..<20 {
      let bad = Array(text.utf8).map { $0 == 0x7F ? 0xFF : $0 }
      bytes += (number == 4 ? bad : Array(#"{"x": \#(number), "y": "a"}"#.utf8)) + [0x0A]
    }
    try directory.write("x.jsonl", bytes)
    let settings =
      #""type": "table", "path": "x.jsonl", "texts": {}, "classes": {"y": {}}, "numbers": {"x": {}}"#
    let data = try open(settings)
    #expect(try column(data, 1) == (0..<20).filter { $0 != 4 }.map(Float.init))
    let note = try #require(notes(data).first)
    #expect(note.hasPrefix("x.jsonl: 1 of 20 rows are bad and left out: line 5: \(reason)"))
    #expect(
      complaint(directory) { _ = try open(settings, skips: false) }.hasPrefix(
        "x.jsonl:5: \(reason)"))
  }

  @Test func `a line is left out of all files`() throws {
    func write(_ name: String, bad: Int) throws {
      var bytes: [UInt8] = []
      for number in 0..<20 { bytes += (number == bad ? [0xFF] : Array("\(number)".utf8)) + [0x0A] }
      try directory.write(name, bytes)
    }
    try write("a.txt", bad: 3)
    try write("b.txt", bad: 8)
    let settings =
      #""type": "table", "path": ["a.txt", "b.txt"], "texts": {}, "numbers": {"a": {"column": 0}, "b": {"column": 1}}"#
    let data = try open(settings)
    let good = (0..<20).filter { $0 != 3 && $0 != 8 }.map(Float.init)
    #expect(try column(data, 0) == good)
    #expect(try column(data, 1) == good)
    #expect(
      notes(data) == [
        "a.txt: 2 of 20 rows are bad and left out: line 4: expected text in UTF-8, got other bytes; "
          + "b.txt:9: expected text in UTF-8, got other bytes"
      ])
    #expect(complaint(directory) { _ = try open(settings, skips: false) }.hasPrefix("a.txt:4: "))
  }

  @Test(arguments: [
    ("7", "expected 2 columns, as in the first row, got 1"),
    ("7 a 9", "expected 2 columns, as in the first row, got 3"),
    ("? a", #"expected a number in column 0, got "?""#),
    ("inf a", #"expected a number in column 0, got "inf""#),
    ("7 \u{7F}", "expected text in UTF-8, got other bytes"),
  ])
  func `a row of columns that is bad is left out`(text: String, reason: String) throws {
    let bad = Array(text.utf8).map { $0 == 0x7F ? 0xFF : $0 }
    let (rows, good) = lines(" ", [9: bad])
    try directory.write("x.txt", rows)
    let settings = #""type": "columns", "path": "x.txt", "label_column": 1"#
    let data = try open(settings)
    #expect(try column(data, 0) == good)
    #expect(try column(data, 1) == good.map { $0.truncatingRemainder(dividingBy: 2) })
    #expect(notes(data) == ["x.txt: 1 of 20 rows are bad and left out: line 10: \(reason)"])
    #expect(
      complaint(directory) { _ = try open(settings, skips: false) } == "x.txt:10: \(reason)")
  }

  @Test func `the columns of a file are those of its first good row`() throws {
    let (rows, good) = lines(" ", [0: Array("number label".utf8)])
    try directory.write("x.txt", rows)
    let data = try open(#""type": "columns", "path": "x.txt", "label_column": 1"#)
    #expect(try column(data, 0) == good)
    let (others, numbers) = lines(" ", [0: Array("one two three".utf8)])
    try directory.write("x.txt", others)
    #expect(
      try column(open(#""type": "columns", "path": "x.txt", "label_column": 1"#), 0) == numbers)
  }

  /// Pictures 0 to 19 of the classes a and b, each of its number's shade; the fifth is what is given, or not there.
  private func writePictures(_ damaged: [UInt8]?) throws {
    var list = ""
    var files: [(name: String, contents: [UInt8])] = []
    for number in 0..<20 {
      let name = "set/\(number % 2 == 0 ? "a" : "b")/\(number < 10 ? "0" : "")\(number).png"
      let picture = RasterImage.plain([UInt8(number)])
      try directory.write(name, picture)
      if number == 4 {
        if let damaged {
          try directory.write(name, damaged)
        } else {
          try FileManager.default.removeItem(atPath: directory.path + "/" + name)
        }
      }
      list += "\(name) \(number % 2 == 0 ? "a" : "b")\n"
      files.append((name, try number == 4 ? damaged ?? [] : PNGFile.encode(picture)))
    }
    try directory.write("list.txt", list)
    try directory.write("set.tar", tar(files))
  }

  private static let pictures = [
    #""type": "image_folder", "path": "set""#, #""type": "image_list", "path": "list.txt""#,
    #""type": "image_archive", "path": "set.tar", "folder": "set""#,
  ]

  @Test(arguments: pictures, [true, false])
  func `a damaged picture is left out, whenever pictures are decoded`(
    kind: String, inMemory: Bool
  ) throws {
    try writePictures(Array("GIF89a".utf8))
    let settings = kind + #", "channels": 1, "in_memory": \#(inMemory)"#
    let data = try open(settings)
    #expect(try column(data, 0).sorted() == (0..<20).filter { $0 != 4 }.map(Float.init))
    for number in 0..<19 {
      let shade = try row(data, number, 0)[0]
      #expect(try row(data, number, 1)[0] == shade.truncatingRemainder(dividingBy: 2))
    }
    let place = kind.contains("list") ? "line 5: " : ""
    let note = try #require(notes(data).first)
    #expect(data.notes.count == 1)
    #expect(note.contains(": 1 of 20 rows are bad and left out: \(place)"), "\(note)")
    #expect(note.contains("set/a/04.png: byte 0: expected a PNG or JPEG image"), "\(note)")
    // Where rows are read late, a damaged picture is met as late.
    #expect(
      complaint(directory) {
        let all = try open(settings, skips: false)
        for number in 0..<all.count { _ = try row(all, number, 0) }
      }.contains("04.png: byte 0: expected a PNG"))
  }

  @Test func `the first picture may be damaged, and pictures of a list lack`() throws {
    try writePictures(nil)
    let list = #""type": "image_list", "path": "list.txt""#
    #expect(try open(list).count == 19)
    #expect(notes(try open(list))[0].contains("set/a/04.png: cannot open"))
    try directory.write("set/a/00.png", [])
    #expect(try open(#""type": "image_folder", "path": "set""#).count == 18)
    try directory.write("set/a/02.png", [])
    let message = complaint(directory) { _ = try open(list) }
    #expect(message.hasPrefix("list.txt: 3 of 20 rows are bad, more than the tenth"), "\(message)")
  }

  @Test func `a line of a list that is no row is left out`() throws {
    try writePictures([])
    try directory.write("set/a/04.png", RasterImage.plain([4]))
    let list = try String(contentsOfFile: directory.path + "/list.txt", encoding: .utf8)
    var bytes = Array((list + "nothing\n\u{1} a\n").utf8)
    bytes[try #require(bytes.firstIndex(of: 1))] = 0xFF
    try directory.write("list.txt", bytes)
    let data = try open(#""type": "image_list", "path": "list.txt""#)
    #expect(data.count == 20)
    #expect(notes(data)[0].contains(#"line 21: expected a path and a label, got "nothing""#))
    #expect(notes(data)[0].contains("line 22: expected text in UTF-8, got other bytes"))
    #expect(data.fields[1].classNames == ["a", "b"])
  }

  @Test func `a picture of another size stays an error`() throws {
    try writePictures(try PNGFile.encode(.plain([9], height: 5, width: 5)))
    #expect(
      complaint(directory) { _ = try open(Self.pictures[0]) }
        .contains("expected 2 x 3 pixels"))
  }

  @Test func `a damaged sound is left out`() throws {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let header =
      Array("RIFF".utf8) + little(236, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
      + little(1, 2) + little(8000, 4) + little(16000, 4) + little(2, 2) + little(16, 2)
    let sound = header + Array("data".utf8) + little(200, 4) + [UInt8](repeating: 1, count: 200)
    for number in 0..<12 {
      let folder = directory.path + "/set/\(number % 2)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try directory.write(
        "set/\(number % 2)/\(number).wav", number == 3 ? Array(sound.prefix(50)) : sound)
    }
    let settings = #""type": "audio", "path": "set", "sample_rate": 8000, "frames": 2, "mels": 3"#
    let data = try open(settings)
    #expect(data.count == 11)
    #expect(try column(data, 1).sorted() == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    let note = try #require(notes(data).first)
    #expect(note.hasPrefix("set: 1 of 12 rows are bad and left out: set/1/3.wav: "), "\(note)")
    #expect(
      complaint(directory) { _ = try open(settings, skips: false) }.hasPrefix("set/1/3.wav: "))
  }
}
