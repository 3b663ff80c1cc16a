import Formats
import Testing

@Suite struct WAVFileTests {
  private func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private func chunk(_ name: String, _ bytes: [UInt8], size: Int? = nil) -> [UInt8] {
    Array(name.utf8) + little(size ?? bytes.count, 4) + bytes
      + (bytes.count % 2 == 1 ? [0] : [])
  }

  private func format(_ code: Int, bits: Int, channels: Int = 1, rate: Int = 8000) -> [UInt8] {
    let size = channels * bits / 8
    return little(code, 2) + little(channels, 2) + little(rate, 4) + little(rate * size, 4)
      + little(size, 2) + little(bits, 2)
  }

  private func file(_ chunks: [UInt8]...) -> [UInt8] {
    let contents = Array("WAVE".utf8) + chunks.joined()
    return Array("RIFF".utf8) + little(contents.count, 4) + contents
  }

  private func parse(_ bytes: [UInt8]) throws(FormatError) -> WAVFile {
    try WAVFile(parsing: bytes, file: "x.wav")
  }

  @Test func `every width of samples is read`() throws {
    func samples(_ code: Int, _ bits: Int, _ bytes: [UInt8]) throws -> [Float] {
      let file = try parse(file(chunk("fmt ", format(code, bits: bits)), chunk("data", bytes)))
      #expect(file.sampleRate == 8000 && file.channels == 1)
      return file.samples
    }
    #expect(try samples(1, 8, [0, 128, 192]) == [-1, 0, 0.5])
    #expect(try samples(1, 16, [0, 0x80, 0, 0, 0, 0x40]) == [-1, 0, 0.5])
    #expect(try samples(1, 24, [0, 0, 0x80, 1, 0, 0, 0, 0, 0x40]) == [-1, 0x1p-23, 0.5])
    #expect(try samples(1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0x40]) == [-1, 0.5])
    #expect(try samples(3, 32, little(Int(Float(1.5).bitPattern), 4)) == [1.5])
    #expect(try samples(3, 64, little(Int(bitPattern: UInt(Double(-0.1).bitPattern)), 8)) == [-0.1])
    #expect(try samples(1, 16, []) == [])
  }

  @Test func `other chunks, odd sizes and sub-formats are passed over`() throws {
    let extensible =
      format(0xFFFE, bits: 16, channels: 2, rate: 44100) + little(22, 2) + little(16, 2)
      + little(3, 4) + little(1, 2) + Array(repeating: 0, count: 14)
    let bytes = file(
      chunk("LIST", [1, 2, 3]), chunk("fmt ", extensible), chunk("fact", [0, 0, 0, 0]),
      chunk("data", [0, 0x40, 0, 0xC0, 0, 0x20, 0, 0x20]), chunk("id3 ", [9]))
    let sound = try parse(bytes)
    #expect(sound.channels == 2 && sound.sampleRate == 44100)
    #expect(sound.samples == [0.5, -0.5, 0.25, 0.25])
    #expect(sound.mono == [0, 0.25])
  }

  @Test func `a size that was never filled in is that of what follows`() throws {
    let plain = chunk("fmt ", format(1, bits: 16, channels: 2))
    let bytes: [UInt8] = [0, 0x40, 0, 0xC0, 0, 0x20, 0, 0x20]
    func samples(total: Int, size: Int, _ bytes: [UInt8]) throws(FormatError) -> [Float] {
      try parse(
        Array("RIFF".utf8) + little(total, 4) + Array("WAVE".utf8) + plain
          + chunk("data", bytes, size: size)
      ).samples
    }
    // What ffmpeg, sox, arecord and Python's wave leave in a pipe, and a program that is killed.
    for (total, size) in [
      (0xFFFF_FFFF, 0xFFFF_FFFF), (0x7FFF_F024, 0x7FFF_F000), (0x7FFF_FF24, 0x7FFF_FF00),
      (0x7FFF_FFFF, 0x7FFF_FFFF), (36, 0), (0, 0), (0xFFFF_FFFF, 0), (44, 0xFFFF_FFFF),
    ] {
      #expect(try samples(total: total, size: size, bytes) == [0.5, -0.5, 0.25, 0.25])
      // The last sample of the second channel never came.
      #expect(try samples(total: total, size: size, bytes.dropLast(3)) == [0.5, -0.5])
      #expect(try samples(total: total, size: size, []) == [])
    }
    // The size of the whole file says nothing where that of the samples is there.
    for total in [0, 0xFFFF_FFFF] {
      #expect(try samples(total: total, size: 8, bytes) == [0.5, -0.5, 0.25, 0.25])
      #expect(try samples(total: total, size: 4, bytes) == [0.5, -0.5])
    }
    // No samples before another chunk.
    #expect(try parse(file(plain, chunk("data", []), chunk("LIST", [1, 2, 3, 4]))).samples == [])
    for size in [9, 1 << 20, 0x7000_0000, 0x8000_0000, 0xFFFF_0000] {
      #expect(
        try formatError { () throws(FormatError) in
          _ = try samples(total: size + 36, size: size, bytes)
        }.description
          == "x.wav: byte 44: expected \(size) bytes of a chunk, got 8: the file is cut short")
    }
  }

  @Test func `what is wrong is said at its byte`() {
    func complaint(_ bytes: [UInt8]) -> String {
      do {
        _ = try parse(bytes)
        return "nothing"
      } catch { return error.description }
    }
    let plain = chunk("fmt ", format(1, bits: 16))
    #expect(
      complaint([]) == "x.wav: byte 0: expected a WAVE file (RIFF size WAVE), got other bytes")
    #expect(
      complaint(file(plain))
        == "x.wav: byte 36: expected a chunk of samples, got the end of the file")
    #expect(
      complaint(file(chunk("data", [0, 0]), plain))
        == "x.wav: byte 12: the samples stand before their format")
    #expect(
      complaint(file(plain, chunk("LIST", [0, 0], size: 0xFFFF_FFFF)))
        == "x.wav: byte 44: expected 4294967295 bytes of a chunk, got 2: the file is cut short")
    #expect(
      complaint(file(plain, chunk("data", [0, 0, 0])))
        == "x.wav: byte 44: expected samples of 2 bytes, got 3 bytes")
    #expect(
      complaint(file(chunk("fmt ", [1, 0])))
        == "x.wav: byte 20: expected a format of 16 bytes or more, got 2")
    #expect(
      complaint(file(chunk("fmt ", format(2, bits: 4))))
        == "x.wav: byte 20: expected PCM of 8, 16, 24 or 32 bits or floats of 32 or 64, got format 2 of 4 bits"
    )
    #expect(
      complaint(file(chunk("fmt ", format(1, bits: 16, channels: 0))))
        == "x.wav: byte 20: expected channels and a sample rate, got 0 and 8000")
    for (sample, text) in [(Float.nan, "nan"), (-1e10, "-1e+10")] {
      let bytes = little(Int(sample.bitPattern), 4)
      #expect(
        complaint(file(chunk("fmt ", format(3, bits: 32)), chunk("data", bytes)))
          == "x.wav: byte 44: expected a sample from -2^31 to 2^31, got \(text)")
    }
  }

  @Test func `no damage traps`() {
    let good = file(
      chunk("fmt ", format(1, bits: 24, channels: 2)), chunk("data", Array(0..<60)))
    for length in 0..<good.count { _ = try? parse(Array(good[..<length])) }
    for place in good.indices {
      for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
        var bad = good
        bad[place] = value
        _ = try? parse(bad)
      }
    }
  }
}
