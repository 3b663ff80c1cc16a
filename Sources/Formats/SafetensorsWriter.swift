/// A tensor to be written: a name, and numbers in C order.
public struct SafetensorsTensor {
  public let name: String
  public let type: SafetensorsType
  public let shape: [Int]
  private let values: Values

  private enum Values {
    case memory(UnsafeRawBufferPointer)
    case bytes([UInt8])
  }

  /// Numbers in memory that must stay until they are written.
  public init(
    _ name: String, _ type: SafetensorsType, shape: [Int], memory: UnsafeRawBufferPointer
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    values = .memory(memory)
  }

  /// Numbers of its own.
  public init<Element: SafetensorsElement>(_ name: String, shape: [Int], _ elements: [Element]) {
    self.name = name
    type = Element.safetensorsType
    self.shape = shape
    values = .bytes(elements.withUnsafeBytes { Array($0) })
  }

  var byteCount: Int {
    switch values {
    case .memory(let memory): memory.count
    case .bytes(let bytes): bytes.count
    }
  }

  func write(to file: borrowing OutputFile) throws(FormatError) {
    switch values {
    case .memory(let memory): try file.write(memory)
    case .bytes(let bytes): try file.write(bytes)
    }
  }
}

/// Writes safetensors files: the same tensors and metadata give the same bytes.
///
/// Tensors of wide numbers come first, then those of lesser names, so that each begins at a multiple of its width.
public enum SafetensorsWriter {
  /// Writes a file whole or not at all. `metadata` gets the `"format": "pt"` that other loaders want to see.
  ///
  /// Throws: `FormatError` where two tensors have one name, a name is reserved, numbers do not fit their shape, or the
  /// file cannot be written.
  public static func write(
    _ path: String, _ tensors: [SafetensorsTensor], metadata: [String: String] = [:]
  ) throws(FormatError) {
    let sorted = tensors.sorted { ($1.type.bits, $0.name) < ($0.type.bits, $1.name) }
    let header = try header(sorted, metadata: metadata, file: path)
    try AtomicFile.write(path) { file throws(FormatError) in
      try file.write(header)
      for tensor in sorted { try tensor.write(to: file) }
    }
  }

  private static func header(
    _ tensors: [SafetensorsTensor], metadata: [String: String], file: String
  ) throws(FormatError) -> [UInt8] {
    let metadata = metadata.merging(["format": "pt"]) { own, _ in own }
    var members = [
      "\"\(SafetensorsHeader.metadataKey)\":{"
        + metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",") + "}"
    ]
    var names: Set<String> = [SafetensorsHeader.metadataKey]
    var end = 0
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw FormatError(.badData, file: file, "two tensors have the name \"\(tensor.name)\"")
      }
      guard tensor.type.byteCount(of: tensor.shape) == tensor.byteCount else {
        throw FormatError(
          .badData, file: file,
          "tensor \"\(tensor.name)\": \(tensor.byteCount) bytes do not make "
            + "\(tensor.type.rawValue) of shape \(tensor.shape)")
      }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(end),\(end + tensor.byteCount)]}")
      end += tensor.byteCount
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    guard json.count <= SafetensorsHeader.maximumSize else {
      throw FormatError(
        .badData, file: file,
        "a header of \(json.count) bytes; at most \(SafetensorsHeader.maximumSize) can be read")
    }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  /// A JSON string; only what must be escaped is.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
