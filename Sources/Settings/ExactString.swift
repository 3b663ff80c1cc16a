/// A text that equals another only where both have the same code points.
///
/// `String` holds texts for equal that Unicode declares canonically equivalent: "é" as one code point and as "e" with
/// an accent behind it. What files call by different names (tokens, columns, classes, keys) must stay different.
public struct ExactString: Hashable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func == (one: ExactString, other: ExactString) -> Bool {
    one.text.isExactly(other.text)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension StringProtocol {
  /// Whether another text has the same code points.
  public func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Collection where Element == String {
  /// Whether another list has the same texts, by their code points.
  public func isExactly(_ other: some Collection<String>) -> Bool {
    elementsEqual(other) { $0.isExactly($1) }
  }

  /// Where a name stands in a list: that of the same code points or, where there is none, the first equivalent one.
  public func firstIndex(named name: String) -> Index? {
    firstIndex(where: name.isExactly) ?? firstIndex(of: name)
  }
}

/// The numbers of the names in a list.
///
/// A name is looked up by its code points and, where none has the same, by canonical equivalence: "é" in either form
/// finds the one that is there, and where both are there, each its own.
public struct NameNumbers: Sendable {
  private var exact: [ExactString: Int] = [:]
  private var equivalent: [String: Int] = [:]

  /// The names in the order of their numbers, from 0; some of them are left out.
  public init(_ names: [String], besides others: [String] = []) {
    let others = Set(others.map(ExactString.init))
    for (number, name) in names.enumerated() {
      let key = ExactString(name)
      guard !others.contains(key) else { continue }
      if exact[key] == nil { exact[key] = number }
      if equivalent[name] == nil { equivalent[name] = number }
    }
  }

  public subscript(name: String) -> Int? { exact[ExactString(name)] ?? equivalent[name] }
}
