import Settings

/// A sum such as `4 * (filters + 1)`, of integers and of parameters that hold integers.
///
///     sum     = product, { ("+" | "-"), product }
///     product = factor, { ("*" | "/"), factor }
///     factor  = digits | name | "-", factor | "(", sum, ")"
///
/// A division must leave no remainder.
struct Arithmetic {
  /// Why there is no result.
  struct Failure: Error {
    let description: String
  }

  /// Longer ones are refused, and with them brackets that are deep enough to exhaust the stack.
  static let maximumLength = 256

  private let bytes: [UInt8]
  private let value: (String) -> JSON?
  private var position = 0

  /// Whether a text is more than a name.
  static func isSum(_ text: String) -> Bool {
    text.utf8.contains { "+-*/()".utf8.contains($0) || isDigit($0) && $0 == text.utf8.first }
  }

  /// The result of a text; `value` knows the parameters.
  static func result(of text: String, value: (String) -> JSON?) throws(Failure) -> Int {
    guard text.utf8.count <= maximumLength else {
      throw Failure(description: "more than \(maximumLength) characters")
    }
    return try withoutActuallyEscaping(value) { value throws(Failure) in
      var arithmetic = Arithmetic(bytes: Array(text.utf8.filter { $0 != 0x20 }), value: value)
      let result = try arithmetic.sum()
      guard arithmetic.position == arithmetic.bytes.count else { throw arithmetic.unexpected() }
      return result
    }
  }

  private init(bytes: [UInt8], value: @escaping (String) -> JSON?) {
    self.bytes = bytes
    self.value = value
  }

  private mutating func sum() throws(Failure) -> Int {
    var result = try product()
    while true {
      if take("+") {
        result = try checked(result.addingReportingOverflow(try product()))
      } else if take("-") {
        result = try checked(result.subtractingReportingOverflow(try product()))
      } else {
        return result
      }
    }
  }

  private mutating func product() throws(Failure) -> Int {
    var result = try factor()
    while true {
      if take("*") {
        result = try checked(result.multipliedReportingOverflow(by: try factor()))
      } else if take("/") {
        let divisor = try factor()
        guard divisor != 0, result.isMultiple(of: divisor) else {
          throw Failure(description: "\(result) / \(divisor) is no integer")
        }
        result = try checked(result.dividedReportingOverflow(by: divisor))
      } else {
        return result
      }
    }
  }

  private mutating func factor() throws(Failure) -> Int {
    if take("-") { return try checked((try factor()).multipliedReportingOverflow(by: -1)) }
    if take("(") {
      let result = try sum()
      guard take(")") else { throw unexpected() }
      return result
    }
    let word = bytes[position...].prefix { !"+-*/()".utf8.contains($0) }
    guard let first = word.first else { throw unexpected() }
    let text = String(decoding: word, as: UTF8.self)
    position = word.endIndex
    if Self.isDigit(first) {
      guard let number = Int(text) else { throw Failure(description: "\"\(text)\" is no integer") }
      return try checked((number, false))
    }
    guard let found = value(text) else {
      throw Failure(description: "there is no parameter \"\(text)\"")
    }
    guard case .integer(let number) = found.content else {
      throw Failure(description: "\"\(text)\" is \(found.shown), no integer")
    }
    return number
  }

  private func checked(
    _ result: (partialValue: Int, overflow: Bool)
  ) throws(Failure) -> Int {
    guard !result.overflow, result.partialValue.magnitude <= 1 << 53 else {
      throw Failure(description: "the result is beyond 2^53")
    }
    return result.partialValue
  }

  private func unexpected() -> Failure {
    guard position < bytes.count else { return Failure(description: "it ends too early") }
    let rest = String(decoding: bytes[position...], as: UTF8.self)
    return Failure(description: "\"\(rest.prefix(8))\" is not expected there")
  }

  private mutating func take(_ character: Character) -> Bool {
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
