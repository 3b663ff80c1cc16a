import Settings

/// A safetensors file open for reading.
///
///     header size u64 | header, JSON | the numbers of all tensors
///
/// The header is read and checked at once, before anything is allocated by what it claims; tensors are read from the
/// disk, straight into the caller's memory, when asked for. Any thread may read. The numbers themselves are not judged.
public final class SafetensorsFile: Sendable {
  /// What the file says of itself.
  public let metadata: [String: String]
  /// Its tensors in the order in which they lie in the file.
  public let entries: [SafetensorsEntry]
  /// Fields of entries that were passed over because nobody knows them, sorted; worth a warning.
  public let unknownFields: [String]
  public var path: String { file.path }

  private let file: InputFile
  /// Where the numbers begin.
  private let start: Int
  private let places: [String: Int]

  /// Opens a file and checks its header.
  ///
  /// Throws: `FormatError` where it cannot be read or the header is not as the format says.
  public init(_ path: String) throws(FormatError) {
    let file = try InputFile(path)
    func fail(_ message: String) -> FormatError {
      FormatError(.badData, file: path, at: .byte(0), message)
    }
    guard let size = file.size, size >= 8 else {
      throw fail("expected a safetensors file of at least 8 bytes, got \(file.size ?? 0)")
    }
    var header: UInt64 = 0
    try withUnsafeMutableBytes(of: &header) { bytes throws(FormatError) in
      try file.read(at: 0, into: bytes)
    }
    header = UInt64(littleEndian: header)
    guard header <= SafetensorsHeader.maximumSize, Int(header) <= size - 8 else {
      let most = min(size - 8, SafetensorsHeader.maximumSize)
      throw fail("expected a safetensors header of at most \(most) bytes, got \(header)")
    }
    var bytes = [UInt8](repeating: 0, count: Int(header))
    try bytes.withUnsafeMutableBufferPointer { bytes throws(FormatError) in
      try file.read(at: 8, into: UnsafeMutableRawBufferPointer(bytes))
    }
    let start = 8 + bytes.count
    let parsed = try SafetensorsHeader(parsing: bytes, file: path, bufferSize: size - start)
    self.file = file
    self.start = start
    metadata = parsed.metadata
    entries = parsed.entries
    unknownFields = parsed.unknownFields.sorted()
    places = Dictionary(
      uniqueKeysWithValues: parsed.entries.enumerated().map { ($1.name, $0) })
  }

  /// What the header says of a tensor, or nil where there is none of this name.
  public subscript(name: String) -> SafetensorsEntry? { places[name].map { entries[$0] } }

  /// The numbers of a tensor of any type that is read, in 32 bits.
  ///
  /// Throws: `FormatError` where there is no such tensor, with the nearest name, or its type is not read.
  public func floats(_ name: String) throws(FormatError) -> [Float] { try numbers(name) }

  /// The numbers of a tensor of any type that is read, in 64 bits.
  public func doubles(_ name: String) throws(FormatError) -> [Double] { try numbers(name) }

  /// The numbers of a tensor of integers (I64, I32, U8, BOOL).
  public func integers(_ name: String) throws(FormatError) -> [Int64] {
    let entry = try entry(name)
    switch entry.type {
    case .signed64: return try values(entry) { (value: Int64) in value }
    case .signed32: return try values(entry) { (value: Int32) in Int64(value) }
    case .unsigned8: return try values(entry) { (value: UInt8) in Int64(value) }
    case .boolean: return try values(entry) { (value: UInt8) in value == 0 ? 0 : 1 }
    default: throw unsupported(entry, expected: "I64, I32, U8 or BOOL")
    }
  }

  /// Reads the numbers of a tensor of any type that is read into memory of just that many.
  ///
  /// Throws: as `floats`, and where the tensor has another number of elements.
  public func read<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ name: String, into memory: UnsafeMutableBufferPointer<Number>
  ) throws(FormatError) {
    let entry = try entry(name)
    guard entry.count == memory.count else {
      throw FormatError(
        .badData, file: path,
        "tensor \"\(name)\": expected \(memory.count) numbers, got the shape \(entry.shape)")
    }
    try read(entry, into: memory)
  }

  private func numbers<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ name: String
  ) throws(FormatError) -> [Number] {
    let entry = try entry(name)
    var numbers = [Number](repeating: 0, count: entry.count)
    try numbers.withUnsafeMutableBufferPointer { memory throws(FormatError) in
      try read(entry, into: memory)
    }
    return numbers
  }

  @specialized(where Number == Float)
  @specialized(where Number == Double)
  private func read<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ entry: SafetensorsEntry, into memory: UnsafeMutableBufferPointer<Number>
  ) throws(FormatError) {
    switch entry.type {
    case .float32 where Number.self == Float.self, .float64 where Number.self == Double.self:
      try file.read(
        at: start + entry.range.lowerBound, into: UnsafeMutableRawBufferPointer(memory))
    case .float32: try convert(entry, memory) { (value: Float) in Number(value) }
    case .float64: try convert(entry, memory) { (value: Double) in Number(value) }
    case .float16: try convert(entry, memory) { (value: Float16) in Number(Float(value)) }
    case .brainFloat16:
      try convert(entry, memory) { (value: UInt16) in
        Number(Float(bitPattern: UInt32(value) << 16))
      }
    case .signed64: try convert(entry, memory) { (value: Int64) in Number(value) }
    case .signed32: try convert(entry, memory) { (value: Int32) in Number(value) }
    case .unsigned8: try convert(entry, memory) { (value: UInt8) in Number(value) }
    case .boolean: try convert(entry, memory) { (value: UInt8) in value == 0 ? 0 : 1 }
    default: throw unsupported(entry, expected: "F64, F32, F16, BF16, I64, I32, U8 or BOOL")
    }
  }

  private func values<Stored: BitwiseCopyable>(
    _ entry: SafetensorsEntry, _ value: (Stored) -> Int64
  ) throws(FormatError) -> [Int64] {
    var values = [Int64](repeating: 0, count: entry.count)
    try values.withUnsafeMutableBufferPointer { memory throws(FormatError) in
      try convert(entry, memory, value)
    }
    return values
  }

  /// Reads numbers as they are stored, piece by piece, and puts what `value` makes of them into `memory`.
  @inline(__always)
  private func convert<Stored: BitwiseCopyable, Number>(
    _ entry: SafetensorsEntry, _ memory: UnsafeMutableBufferPointer<Number>,
    _ value: (Stored) -> Number
  ) throws(FormatError) {
    let piece = UnsafeMutableBufferPointer<Stored>.allocate(capacity: min(entry.count, 1 << 16))
    defer { piece.deallocate() }
    let size = MemoryLayout<Stored>.size
    for first in stride(from: 0, to: entry.count, by: 1 << 16) {
      let count = min(piece.count, entry.count - first)
      try file.read(
        at: start + entry.range.lowerBound + first * size,
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(piece)[..<(count * size)]))
      for index in 0..<count { memory[first + index] = value(piece[index]) }
    }
  }

  private func entry(_ name: String) throws(FormatError) -> SafetensorsEntry {
    if let entry = self[name] { return entry }
    throw FormatError(
      .badData, file: path,
      "no tensor \"\(name)\"\(suggestion(for: name, among: entries.map(\.name)))")
  }

  private func unsupported(_ entry: SafetensorsEntry, expected: String) -> FormatError {
    FormatError(
      .badData, file: path,
      "tensor \"\(entry.name)\": unsupported dtype \(entry.type.rawValue), expected \(expected)")
  }
}
