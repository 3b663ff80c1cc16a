import Settings

extension Bounds where Value == String {
  /// What may part the fields of a line: one ASCII character that ends no line; `quoted` where fields may be in quotes.
  static func fieldSeparator(quoted: Bool) -> Bounds {
    Bounds("one ASCII character") { text in
      guard let byte = text.utf8.first, text.utf8.count == 1 else { return false }
      return byte != 0x0A && byte != 0x0D && !(quoted && byte == UInt8(ascii: "\""))
    }
  }
}
