/// A printable character for every byte, as byte-level tokenizers write their tokens (GPT-2).
///
/// The bytes 33-126, 161-172 and 174-255 stand for the characters of their numbers; the 68 others, in their order, for
/// U+0100 and those behind it: a space is "Ġ", a line feed "Ċ".
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var characters: [Unicode.Scalar] = []
    var other: UInt32 = 0x100
    for byte in UInt32(0)...255 {
      let isPlain = 33...126 ~= byte || 161...172 ~= byte || 174...255 ~= byte
      characters.append(Unicode.Scalar(isPlain ? byte : other) ?? "\u{FFFD}")
      if !isPlain { other += 1 }
    }
    return characters
  }()

  /// The byte that each character stands for.
  static let bytes: [Unicode.Scalar: UInt8] = {
    var bytes: [Unicode.Scalar: UInt8] = [:]
    for (byte, character) in characters.enumerated() { bytes[character] = UInt8(byte) }
    return bytes
  }()

  /// All characters in the order of their code points.
  static var sorted: [String] { characters.sorted().map { String($0) } }

  /// The bytes of a token; nil where one of its characters stands for none.
  static func bytes(of token: String) -> [UInt8]? {
    var result: [UInt8] = []
    for character in token.unicodeScalars {
      guard let byte = bytes[character] else { return nil }
      result.append(byte)
    }
    return result
  }
}
