/// The block in front of each file of a tar archive.
struct TarHeader {
  static let blockSize = 512

  let name: String
  let size: Int
  /// `0` file, `5` folder, `x` extended header, ...
  let type: Character

  var isFile: Bool { type == "0" || type == "7" }

  /// What the type means, for messages.
  var kind: String {
    switch type {
    case "1", "2": "link"
    case "3", "4", "6": "device"
    case "S": "sparse file"
    default: "entry of the type \"\(type)\""
    }
  }

  /// Reads the block at `start`; nil where it is one of zeros, which ends the archive.
  ///
  /// Throws: `FormatError` where the archive is cut short, or the block is none of an archive or was changed.
  init?(_ bytes: [UInt8], at start: Int, file: String) throws(FormatError) {
    guard bytes.count - start >= Self.blockSize else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected a block of a tar archive, got the end of the file")
    }
    let block = bytes[start..<start + Self.blockSize]
    if block.allSatisfy({ $0 == 0 }) { return nil }
    func field(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
      block[start + offset..<start + offset + count]
    }
    func text(_ offset: Int, _ count: Int) -> String {
      String(decoding: field(offset, count).prefix { $0 != 0 }, as: UTF8.self)
    }
    // The sum is of all bytes, with spaces for itself.
    let sum = block.reduce(0) { $0 + Int($1) } - field(148, 8).reduce(0) { $0 + Int($1) } + 8 * 32
    guard octal(field(148, 8)) == sum else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected a header of a tar archive, got a block of another checksum")
    }
    guard let size = number(field(124, 12)) else {
      throw FormatError(
        .badData, file: file, at: .byte(start + 124), "expected the size of a file in octal digits")
    }
    self.size = size
    let letter = block[start + 156]
    type = letter == 0 ? "0" : Character(Unicode.Scalar(letter))
    let prefix = text(257, 6) == "ustar" ? text(345, 155) : ""
    name = prefix.isEmpty ? text(0, 100) : prefix + "/" + text(0, 100)
  }

  /// A name without `./` in front.
  ///
  /// Throws: `FormatError` where it is empty, absolute or leads out of the archive.
  static func plain(_ name: String, file: String, at start: Int) throws(FormatError) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    guard !parts.isEmpty, !name.hasPrefix("/"), !parts.contains("..") else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected a path within the archive, got \"\(name.prefix(200))\"")
    }
    return parts.joined(separator: "/")
  }
}

/// What extended headers say of the file behind them.
struct TarExtension {
  var name: String?
  var size: Int?

  /// Reads records `LENGTH KEY=VALUE\n`, where the length counts all of the record.
  mutating func read(pax bytes: ArraySlice<UInt8>, file: String) throws(FormatError) {
    var rest = bytes
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard digits.count < 10, let length = Int(String(decoding: digits, as: UTF8.self)),
        length > digits.count + 1, length <= rest.count,
        rest[rest.startIndex + digits.count] == 0x20
      else {
        throw FormatError(
          .badData, file: file, at: .byte(rest.startIndex),
          "expected a record of an extended header: its length, a space, a key and a value")
      }
      let record = rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)]
      let parts = record.split(separator: UInt8(ascii: "="), maxSplits: 1)
        .map { String(decoding: $0, as: UTF8.self) }
      switch parts.first {
      case "path": name = parts.last
      case "size":
        guard let number = Int(parts.last ?? ""), number >= 0 else {
          throw FormatError(
            .badData, file: file, at: .byte(rest.startIndex), "expected the size of a file")
        }
        size = number
      default: break
      }
      rest = rest.dropFirst(length)
    }
  }
}

/// A number in octal digits, or where the highest bit is set, in the bits below it; nil where it is neither.
private func number(_ field: ArraySlice<UInt8>) -> Int? {
  guard let first = field.first, first & 0x80 != 0 else { return octal(field) }
  var value = Int(first & 0x7F)
  for byte in field.dropFirst() {
    let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
    // Room for the sums that follow.
    guard !overflow, shifted < 1 << 60 else { return nil }
    value = shifted + Int(byte)
  }
  return value
}

/// Octal digits between spaces or zeros; nil where there are none.
private func octal(_ field: ArraySlice<UInt8>) -> Int? {
  let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
  return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 >= 0 ? $0 : nil }
}
