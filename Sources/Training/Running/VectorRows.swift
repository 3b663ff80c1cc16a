import Settings

/// Which rows of a table the vectors of a file go to: those of their words, each row taken once.
///
/// A word of the file that is spelt otherwise than the vocabulary has it, but canonically equivalent, gives its vector
/// only until one of the very same code points comes.
struct VectorRows {
  private let words: [String]
  private let numbers: NameNumbers
  /// By the row, whether its word was the vocabulary's to the letter.
  private var found: [Int: Bool] = [:]

  /// - Parameter words: in the order of the rows.
  init(_ words: [String]) {
    self.words = words
    numbers = NameNumbers(words)
  }

  /// How many rows have a vector.
  var count: Int { found.count }

  /// The row that waits for the vector of a word.
  func row(of word: String) -> Int? {
    guard let row = numbers[word] else { return nil }
    return found[row] == nil || found[row] == false && words[row].isExactly(word) ? row : nil
  }

  /// The same, which then has its vector.
  mutating func take(_ word: String) -> Int? {
    guard let row = row(of: word) else { return nil }
    found[row] = words[row].isExactly(word)
    return row
  }
}
