public import Settings

/// A class of the data, by its number or its name, with the place where it is written.
///
/// Whether there is such a class is known only when the data are opened; the message then still names the place.
public struct PlacedClass: SettingValue {
  private enum Name: Equatable {
    case number(Int)
    case text(String)
  }

  private let name: Name
  private let place: Place?
  private let keys: String

  private init(_ name: Name, at place: Place?, keys: String) {
    self.name = name
    self.place = place
    self.keys = keys
  }

  public static var expectation: String { "the number or the name of a class" }
  public static var schema: JSON {
    ["anyOf": [["type": "integer", "minimum": 0], ["type": "string", "minLength": 1]]]
  }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    switch json.content {
    case .integer(let number) where number >= 0:
      return PlacedClass(.number(number), at: json.place, keys: path)
    case .string(let text) where !text.isEmpty:
      return PlacedClass(.text(text), at: json.place, keys: path)
    default:
      problems.expected(expectation, got: json, path: path)
      return nil
    }
  }
  public var json: JSON {
    switch name {
    case .number(let number): JSON(.integer(number), at: place)
    case .text(let text): JSON(.string(text), at: place)
    }
  }

  /// Equal names; the places do not count.
  public static func == (one: PlacedClass, other: PlacedClass) -> Bool { one.name == other.name }

  /// The number of the class.
  fileprivate func number(in field: DataField) throws(Problems) -> Int {
    switch name {
    case .number(let number):
      if number < field.classes ?? .max { return number }
      throw Problems(
        problem(
          "expected a class of \"\(field.name)\", from 0 to \((field.classes ?? 0) - 1); got \(number)"
        ))
    case .text(let text):
      if let number = field.classNames?.firstIndex(named: text) { return number }
      let names = field.classNames ?? []
      throw Problems(
        problem(
          names.isEmpty
            ? "the classes of \"\(field.name)\" have no names; got \"\(text)\""
            : "\"\(field.name)\" has no class \"\(text)\"" + suggestion(for: text, among: names)))
    }
  }

  private func problem(_ message: String) -> Problem { Problem(message, path: keys, at: place) }
}

extension [PlacedClass] {
  /// The numbers of the classes of a field of single numbers.
  ///
  /// Throws: `Problems` with every class that there is not, or where the field (which `name` names) holds none.
  func numbers(in field: DataField, named name: PlacedName) throws(Problems) -> [Int] {
    guard field.shape.rank == 0 else {
      throw Problems(
        name.problem(
          "expected a field of classes, got \"\(field.name)\" of shape \(field.shape)"))
    }
    var problems = Problems()
    var numbers: [Int] = []
    for element in self {
      do throws(Problems) { numbers.append(try element.number(in: field)) } catch {
        problems.add(error)
      }
    }
    try problems.throwIfAny()
    return numbers
  }
}

extension Bounds {
  /// At least one element.
  static func notEmpty<Element: SettingValue>() -> Bounds where Value == [Element] {
    Bounds("not empty", schema: [.init("minItems", 1)]) { !$0.isEmpty }
  }
}
