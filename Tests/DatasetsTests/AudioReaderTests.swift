import Datasets
import Formats
import Foundation
import Settings
import TensorCore
import Testing

@Suite struct AudioReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A file of 16-bit samples.
  private func write(_ name: String, _ samples: [Int], rate: Int = 8000) throws {
    let parts = name.split(separator: "/").dropLast()
    try FileManager.default.createDirectory(
      atPath: directory.path + "/" + parts.joined(separator: "/"),
      withIntermediateDirectories: true)
    let data = samples.flatMap { little($0, 2) }
    let format =
      little(1, 2) + little(1, 2) + little(rate, 4) + little(2 * rate, 4) + little(2, 2)
      + little(16, 2)
    try directory.write(
      name,
      Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        + format + Array("data".utf8) + little(data.count, 4) + data)
  }

  private func open(_ settings: String) throws -> any Dataset {
    try reader(
      #"{"type": "audio", "path": "set", "sample_rate": 8000, "frames": 2, "mels": 3, \#(settings)}"#,
      in: directory
    ).open()
  }

  private func labels(_ data: any Dataset) throws -> [String] {
    let names = try #require(data.fields[1].classNames)
    return try (0..<data.count).map { names[Int(try row(data, $0, 1)[0])] }
  }

  @Test func `what no file has can be neither chosen nor left out`() throws {
    for name in ["one_ann_0", "two_bob_1"] { try write("set/\(name).wav", [1, 2, 3]) }
    let pattern = #""pattern": "{label}_{speaker}_{index}.wav""#
    #expect(try open(#"\#(pattern), "only": {"speaker": ["ann"]}"#).count == 1)
    #expect(try open(#"\#(pattern), "except": {"index": ["0"]}"#).count == 1)
    let error = try #require(throws: FormatError.self) {
      try open(#"\#(pattern), "only": {"speaker": ["anne"]}, "except": {"index": ["0", "7"]}"#)
    }
    #expect(
      error.message
        == #""only": no file has the speaker "anne" (did you mean "ann"?); "#
        + #""except": no file has the index "7" (known: 0, 1)"#
    )
  }

  @Test func `features are those of NumPy`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let bytes = try Data(contentsOf: folder.appending(path: "Fixtures/log-mel.json"))
    let cases = try JSONParser.parse(Array(bytes), file: "log-mel.json")
    for json in try #require(cases.elements) {
      func number(_ key: String) throws -> Int {
        var problems = Problems()
        return try #require(json[key].flatMap { Int.read($0, at: key, &problems) })
      }
      func numbers(_ key: String) throws -> [Double] {
        var problems = Problems()
        return try #require(json[key].flatMap { [Double].read($0, at: key, &problems) })
      }
      let rate = try number("rate")
      try write("set/a/\(rate).wav", try numbers("samples").map { Int($0) }, rate: rate)
      let data = try reader(
        """
        {"type": "audio", "path": "set", "pattern": "a/{name}", "only": {"name": ["\(rate).wav"]},
         "labels": false, "sample_rate": \(rate), "frames": \(try number("frames")),
         "frame_length": \(try number("length")), "frame_step": \(try number("step")),
         "mels": \(try number("mels")), "lowest_frequency": \(try number("low")),
         "highest_frequency": \(try number("high"))}
        """, in: directory
      ).open()
      #expect(data.count == 1)
      #expect(data.fields.map(\.shape) == [[try number("frames"), try number("mels")]])
      let expected = try numbers("features")
      let computed = try row(data, 0, 0)
      #expect(computed.count == expected.count)
      for (one, other) in zip(computed, expected) { #expect(abs(Double(one) - other) < 2e-4) }
    }
  }

  @Test func `a short sound has silence behind it`() throws {
    try write("set/a/x.wav", [])
    let data = try open(#""frame_length": 10"#)
    #expect(try row(data, 0, 0).allSatisfy { abs($0 - log(Float(1e-6))) < 1e-6 })
  }

  @Test func `folders are classes`() throws {
    for name in ["yes/1.wav", "no/a/b.WAV", "yes/2.wav"] { try write("set/" + name, [1]) }
    try directory.write("set/yes/note.txt", "no sound")
    let data = try open("\"frame_step\": 80")
    #expect(data.fields.map(\.name) == ["audio", "label"])
    #expect(data.fields.map(\.shape) == [[2, 3], []])
    #expect(try labels(data) == ["no", "yes", "yes"])
    #expect(data.files.count == 1)
  }

  @Test func `names tell classes and splits`() throws {
    for name in ["3_ann_0", "7_ann_1", "3_bob_0", "7_bob_10"] {
      try write("set/\(name).wav", [1])
    }
    let pattern = #""pattern": "{label}_{speaker}_{index}.wav""#
    let all = try open(pattern)
    #expect(all.fields[1].classes == 8)
    #expect(try labels(all) == ["3", "3", "7", "7"])
    #expect(try labels(open(pattern + #", "only": {"index": ["0", "1"]}"#)) == ["3", "3", "7"])
    #expect(try labels(open(pattern + #", "except": {"index": ["0", "1"]}"#)) == ["7"])
    #expect(
      try labels(
        open(pattern + #", "only": {"index": ["0"]}, "except": {"speaker": ["bob"]}"#)) == ["3"])
    #expect(
      complaint(directory) { _ = try open(#""pattern": "{label}-{name}""#) }
        == "set/3_ann_0.wav: expected a name like {label}-{name}")
    #expect(
      complaint(directory) { _ = try open(pattern + #", "only": {"index": ["2"]}"#) }
        == #"set: "only": no file has the index "2" (known: 0, 1, 10)"#)
  }

  @Test func `a list names files and labels`() throws {
    try write("set/1.wav", [1])
    try write("set/2.wav", [1])
    try directory.write("list.txt", "2.wav b\n1.wav a\n2.wav b\n")
    #expect(try labels(open(#""list": "list.txt""#)) == ["b", "a", "b"])
    try directory.write("list.txt", "2.wav\n")
    #expect(
      complaint(directory) { _ = try open(#""list": "list.txt""#) }
        == "list.txt:1: expected a path and a label, got \"2.wav\"; \"labels\": false reads paths alone"
    )
  }

  @Test func `a file of another rate is an error`() throws {
    try write("set/a/1.wav", [1], rate: 16000)
    #expect(
      complaint(directory) { _ = try open("\"frame_step\": 80") }
        == "set/a/1.wav: expected 8000 samples a second, as \"sample_rate\" says, got 16000")
  }

  @Test(arguments: [
    (#""pattern": "label""#, "expected a pattern of words in braces"),
    (#""pattern": "{a}{label}""#, "expected a pattern of words in braces"),
    (#""pattern": "{a}_{a}""#, "expected a pattern of words in braces"),
    (#""pattern": "{name}""#, "the pattern has no word \"label\""),
    (#""only": {"speaker": []}"#, "the pattern has no word \"speaker\""),
    (#""list": "x", "pattern": "{label}""#, "\"list\" goes without"),
    (#""highest_frequency": 5000"#, "up to half the sample rate"),
    (#""label_field": "audio""#, "name the same field"),
  ])
  func `wrong settings are named`(settings: String, message: String) {
    let complaint = complaint(directory) { _ = try open(settings) }
    #expect(complaint.contains(message), "\(complaint)")
  }

  @Test func `a sound, and the sounds of a folder, are read without classes`() throws {
    let loud = [Int](repeating: 20000, count: 400)
    try write("set/a/1.wav", [1])
    try write("set/b/2.wav", loud)
    let reader = try reader(
      #"{"type": "audio", "path": "set", "sample_rate": 8000, "frames": 2, "mels": 3}"#,
      in: directory)
    let known = try reader.open()
    try write("new/x.wav", [1])
    try write("new/deep/Y.WAV", loud)
    try write("new/.z.wav", loud)
    try directory.write("new/Thumbs.db", "no sound")
    let rows = try #require(try reader.rows("new", in: directory, of: ["audio"]))
    #expect(rows.names == ["deep/Y.WAV", "x.wav"])
    #expect(rows.dataset.fields == [known.fields[0]])
    #expect(try row(rows.dataset, 0, 0) == row(known, 1, 0))
    #expect(try row(rows.dataset, 1, 0) == row(known, 0, 0))
    let one = try #require(try reader.rows("new/deep/Y.WAV", in: directory, of: ["audio"]))
    #expect(one.dataset.count == 1 && one.names == [directory.path + "/new/deep/Y.WAV"])
    #expect(try row(one.dataset, 0, 0) == row(known, 1, 0))
    #expect(try reader.rows("new", in: directory, of: ["audio", "label"]) == nil)
    #expect(try reader.rows("new/x.mp3", in: directory, of: ["audio"]) == nil)
    try write("fast/x.wav", [1], rate: 16000)
    #expect(
      complaint(directory) { _ = try reader.rows("fast", in: directory, of: ["audio"]) }
        == "fast/x.wav: expected 8000 samples a second, as \"sample_rate\" says, got 16000")
    try FileManager.default.createDirectory(
      atPath: directory.path + "/empty", withIntermediateDirectories: true)
    #expect(
      complaint(directory) { _ = try reader.rows("empty", in: directory, of: ["audio"]) }
        == "empty: expected WAV files, got none")
  }
}
