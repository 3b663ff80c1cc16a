public import Settings
public import TensorCore

/// c -> the letters of its word, one class for each
public struct Spell: Transform {
  public var field = PlacedName("")
  public var words: [String]?
  public var length: Int?

  public init() {}

  public static let type = "spell"
  public static let manual = """
    Turns a class into the letters of its word, for models that write what they see.

    A field of shape [] becomes one of shape [T]: the number of a letter at each place, 0 behind the last. The letters are
    those of all words in the order of Unicode, from 1 on; 0 has the empty name.
    """
  public static let fields: [Field<Spell>] = [
    Field("field", \.field, required: true, "the field to change").example("label"),
    Field(
      "words", \.words,
      Bounds("not empty, each with a letter", schema: [.init("minItems", 1)]) {
        !$0.isEmpty && !$0.contains("")
      }, "the word of each class, in their order; the names of the classes where left out"),
    Field(
      "length", \.length, .within(1...1 << 16),
      "T, how many places there are; those of the longest word where left out"),
  ]

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    guard field.shape.rank == 0 else {
      throw Problems(
        self.field.problem(
          "expected a field of single numbers, got \"\(field.name)\" of shape \(field.shape)"))
    }
    guard let words = words ?? field.classNames else {
      throw Problems(
        self.field.problem("the classes of \"\(field.name)\" have no names: say \"words\""))
    }
    if let classes = field.classes, classes != words.count {
      throw Problems(
        self.field.problem(
          "\"\(field.name)\" has \(classes) classes, but there are \(words.count) words"))
    }
    let longest = words.map(\.count).max() ?? 0
    let length = length ?? longest
    guard longest <= length else {
      throw Problems(
        self.field.problem(
          "the longest word has \(longest) letters, more than \"length\" \(length)"))
    }
    let letters = Set(words.joined()).sorted()
    let spelled = words.map { word in
      let numbers = word.map { Float((letters.firstIndex(of: $0) ?? 0) + 1) }
      return numbers + [Float](repeating: 0, count: length - numbers.count)
    }
    var output = field
    output.shape = [length]
    output.classes = letters.count + 1
    output.classNames = [""] + letters.map(String.init)
    let name = field.name
    return BoundTransform(output) { values, context in
      guard let label = Int(exactly: values[0]), spelled.indices.contains(label) else {
        throw DataError(
          field: name, row: context.row,
          "expected a class in 0..<\(spelled.count), got \(values[0])")
      }
      for (place, letter) in spelled[label].enumerated() { values[place] = letter }
    }
  }
}
