/// A JSON value (RFC 8259) that remembers where it was read.
public struct JSON: Sendable {
  /// What a value is; the members of an object keep their order.
  public enum Content: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])
  }

  /// One key of an object and its value.
  public struct Member: Sendable, Equatable {
    public let key: String
    public let place: Place?
    public var value: JSON

    public init(_ key: String, _ value: JSON, at place: Place? = nil) {
      self.key = key
      self.value = value
      self.place = place
    }

    public static func == (one: Member, other: Member) -> Bool {
      one.key == other.key && one.value == other.value
    }
  }

  public var content: Content
  /// Where the value begins; nil for one that no file holds.
  public var place: Place?

  public init(_ content: Content, at place: Place? = nil) {
    self.content = content
    self.place = place
  }

  /// An object with these members, in this order.
  public static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    JSON(.object(members.map { Member($0.key, $0.value) }))
  }

  /// The value of a key, or nil where there is none or this is no object.
  public subscript(key: String) -> JSON? {
    members?.first { $0.key == key }?.value
  }

  /// The members, where this is an object.
  public var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The elements, where this is an array.
  public var elements: [JSON]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The text, where this is a string.
  public var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  /// What came, for the second half of "expected ..., got ...": short, with long values cut.
  public var shown: String {
    switch content {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let text): text.count > 60 ? "\"\(text.prefix(57))...\"" : "\"\(text)\""
    case .array(let elements):
      elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
    case .object: "an object"
    }
  }
}

extension JSON: Equatable {
  /// Equal contents; the places do not count.
  public static func == (one: JSON, other: JSON) -> Bool { one.content == other.content }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self.init(.string(value)) }
  public init(integerLiteral value: Int) { self.init(.integer(value)) }
  public init(floatLiteral value: Double) { self.init(.number(value)) }
  public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
  public init(arrayLiteral elements: JSON...) { self.init(.array(elements)) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(.object(elements.map { Member($0.0, $0.1) }))
  }
}
