import SwiftProtobuf
import Testing

@testable import Formats

@Suite struct EventFileTests {
  /// The messages of a file, each checked against its lengths and checksums.
  func events(_ path: String) throws -> [ProtoEvent] {
    let bytes = try FileBytes.read(path)
    func number<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
      bytes.withUnsafeBytes {
        T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self))
      }
    }
    var events: [ProtoEvent] = []
    var position = 0
    while position < bytes.count {
      let length = Int(number(UInt64.self, at: position))
      let message = bytes[(position + 12)..<(position + 12 + length)]
      #expect(
        number(UInt32.self, at: position + 8)
          == CRC32C.masked(bytes[position..<(position + 8)]))
      #expect(number(UInt32.self, at: position + 12 + length) == CRC32C.masked(message))
      events.append(try ProtoEvent(serializedBytes: Array(message)))
      position += length + 16
    }
    return events
  }

  @Test func theFileBeginsWithItsVersion() throws {
    try withDirectory { directory in
      let file = try EventFile(directory: directory)
      let first = try #require(try events(file.path).first)
      #expect(first.fileVersion == "brain.Event:2")
      #expect(abs(first.wallTime - EventFile.now) < 60)
      // The name that TensorBoard looks for: seconds, host, process, number.
      let name = try #require(file.path.split(separator: "/").last)
      #expect(try #/events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+/#.wholeMatch(in: name) != nil)
    }
  }

  @Test func everyOpeningIsANewFile() throws {
    try withDirectory { directory in
      for _ in 0..<3 { _ = try EventFile(directory: directory) }
      #expect(names(in: directory).count == 3)
    }
  }

  @Test func aRestartComesFirstAndItsFileLast() throws {
    try withDirectory { directory in
      let before = try EventFile(directory: directory)
      let file = try EventFile(directory: directory, restartingAt: 5)
      let start = try events(file.path)[1]
      #expect((start.step, start.sessionLog.status) == (5, .start))
      #expect(before.path < file.path)
      // step 5, session_log { status START } by their field numbers.
      #expect(try FileBytes.read(file.path).dropLast(4).suffix(6) == [0x10, 5, 0x3A, 2, 0x08, 1])
    }
  }

  @Test func aScalarHasTheBytesOfTheFormat() throws {
    try withDirectory { directory in
      let file = try EventFile(directory: directory)
      let before = try FileBytes.read(file.path).count
      try file.scalar(tag: "a", value: 0.5, step: 3, wallTime: 1)
      let record = Array(try FileBytes.read(file.path)[(before + 12)...].dropLast(4))
      // wall_time 1.0, step 3, summary { value { tag "a", simple_value 0.5 } } by their field numbers.
      #expect(
        record == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x10, 3, 0x2A, 10, 0x0A, 8, 0x0A, 1, 0x61]
          + [0x15, 0, 0, 0, 0x3F])
    }
  }

  @Test func imagesTextsAndHistogramsComeBack() throws {
    try withDirectory { directory in
      let file = try EventFile(directory: directory)
      try file.image(tag: "i", png: [1, 2, 3], height: 4, width: 5, channels: 3, step: 1)
      try file.text(tag: "t", markdown: "**b**", step: 2)
      let values: [Float] = [1, 2, 2]
      try file.histogram(
        tag: "h", values.withUnsafeBufferPointer { Histogram(of: $0, buckets: 2) }, step: 3)
      try file.synchronize()
      let events = try events(file.path)
      #expect(events.map(\.step) == [0, 1, 2, 3])
      let image = events[1].summary.value[0].image
      #expect((image.height, image.width, image.colorspace) == (4, 5, 3))
      #expect(Array(image.encodedImage) == [1, 2, 3])
      let text = events[2].summary.value[0]
      #expect(text.metadata.pluginData.pluginName == "text")
      #expect(text.tensor.stringValue.map(Array.init) == [Array("**b**".utf8)])
      let histogram = events[3].summary.value[0].histogram
      #expect(histogram.bucketLimit == [1.5, .greatestFiniteMagnitude])
      #expect(histogram.bucket == [1, 2])
      #expect((histogram.num, histogram.sum, histogram.sumSquares) == (3, 5, 9))
    }
  }

  @Test func aMissingDirectoryIsNamed() throws {
    let error = try formatError { () throws(FormatError) in
      _ = try EventFile(directory: "/nowhere/run")
    }
    #expect(error.kind == .cannotCreate)
  }
}
