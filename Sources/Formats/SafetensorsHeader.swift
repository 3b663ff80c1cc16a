/// One tensor of a safetensors file: what the header says of it.
public struct SafetensorsEntry: Sendable, Equatable {
  public let name: String
  public let type: SafetensorsType
  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]
  /// Its bytes, counted from the end of the header.
  let range: Range<Int>

  /// How many numbers it has.
  public var count: Int { shape.reduce(1, *) }
}

/// The JSON header of a safetensors file, checked against the bytes behind it.
struct SafetensorsHeader {
  /// The strings under `__metadata__`.
  private(set) var metadata: [String: String] = [:]
  /// In the order in which they lie in the file.
  private(set) var entries: [SafetensorsEntry] = []
  /// Fields of entries that nobody knows, such as a later version may add.
  private(set) var unknownFields: Set<String> = []

  private let file: String
  private let bufferSize: Int

  static let metadataKey = "__metadata__"
  /// The largest header that any reader takes.
  static let maximumSize = 100_000_000

  /// Reads a header of a file with `bufferSize` bytes behind it.
  ///
  /// Throws: `FormatError` for the first thing in it that is not as the format says.
  init(parsing bytes: [UInt8], file: String, bufferSize: Int) throws(FormatError) {
    self.file = file
    self.bufferSize = bufferSize
    guard bytes.first == UInt8(ascii: "{") else {
      throw FormatError(.badData, file: file, at: .byte(8), "expected a header that begins with {")
    }
    var scanner = JSONScanner(bytes, file: file, offset: 8)
    try scanner.object { scanner, key throws(FormatError) in
      if key == Self.metadataKey {
        try scanner.object { scanner, key throws(FormatError) in
          metadata[key] = try scanner.string()
        }
      } else {
        entries.append(try entry(key, &scanner))
      }
    }
    try scanner.padding()
    try checkLayout()
  }

  private mutating func entry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(FormatError) -> SafetensorsEntry {
    var (type, shape, offsets) = (SafetensorsType?.none, [Int]?.none, [Int]?.none)
    let start = scanner.place
    try scanner.object { scanner, key throws(FormatError) in
      switch key {
      case "dtype":
        let word = try scanner.string()
        guard let known = SafetensorsType(rawValue: word) else {
          throw fail(name, "unknown dtype \"\(word.prefix(80))\"", at: scanner.place)
        }
        type = known
      case "shape": shape = try naturals(&scanner)
      case "data_offsets": offsets = try naturals(&scanner)
      default:
        unknownFields.insert(key)
        try scanner.skipValue()
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw fail(name, "expected a dtype, a shape and two data_offsets", at: start)
    }
    guard offsets[0] <= offsets[1], offsets[1] <= bufferSize else {
      throw fail(
        name, "expected data_offsets within \(bufferSize) bytes, got \(offsets)", at: start)
    }
    let size = offsets[1] - offsets[0]
    guard type.byteCount(of: shape) == size else {
      let expected = type.byteCount(of: shape).map { "\($0) bytes" } ?? "no number of whole bytes"
      throw fail(
        name, "\(type.rawValue) of shape \(shape) takes \(expected), got \(size)", at: start)
    }
    return SafetensorsEntry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private func naturals(_ scanner: inout JSONScanner) throws(FormatError) -> [Int] {
    var numbers: [Int] = []
    try scanner.array { scanner throws(FormatError) in numbers.append(try scanner.natural()) }
    return numbers
  }

  /// No hole, no overlap and no byte behind the last: a byte belongs to exactly one tensor.
  private mutating func checkLayout() throws(FormatError) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw fail(entry.name, "expected it to begin at \(end), got \(entry.range.lowerBound)")
      }
      end = entry.range.upperBound
    }
    guard end == bufferSize else {
      throw FormatError(
        .badData, file: file, "expected \(end) bytes of tensors by its header, got \(bufferSize)")
    }
  }

  private func fail(_ name: String, _ message: String, at byte: Int? = nil) -> FormatError {
    FormatError(
      .badData, file: file, at: byte.map(FormatError.Place.byte),
      "tensor \"\(name.prefix(80))\": \(message)")
  }
}
