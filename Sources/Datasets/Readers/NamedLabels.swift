import Formats
import Settings

/// Labels that are texts, each the name of a class.
struct NamedLabels {
  /// The class of each row.
  let numbers: [Int]
  /// What the classes are called.
  let names: [String]

  /// Where `known` does not list the names, they are the numbers up to the largest where all labels are whole numbers from 0,
  /// else the different texts in the order of their bytes. Of known names a label is that of the same code points, or
  /// an equivalent one where there is none.
  ///
  /// `place` says in messages where labels stand, and `failure` makes an error of a row and a message.
  /// Throws: it, for the first label that is not among the known.
  init(
    _ texts: [String], known: [String]?, in place: String = "",
    _ failure: (Int, String) -> FormatError
  ) throws(FormatError) {
    if known == nil, let largest = Self.largest(of: texts) {
      names = (0...largest).map(String.init)
    } else {
      names =
        known
        ?? Set(texts.map(ExactString.init)).map(\.text)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    let classes = NameNumbers(names)
    var numbers: [Int] = []
    numbers.reserveCapacity(texts.count)
    for (row, text) in texts.enumerated() {
      guard let number = classes[text] else {
        throw failure(row, "no class \"\(text)\"\(place)" + suggestion(for: text, among: names))
      }
      numbers.append(number)
    }
    self.numbers = numbers
  }

  /// The labels as a field of a dataset.
  func column(
    _ name: String, classNames: [String]
  ) -> (field: DataField, values: MemoryDataset.Values) {
    (
      DataField(name, [], classes: names.count, classNames: classNames),
      names.count <= 256
        ? .bytes(numbers.map { UInt8($0) }) : .floats(numbers.map { Float($0) })
    )
  }

  /// The largest label, where all are whole numbers from 0, written plainly, that leave few classes without a row.
  private static func largest(of texts: [String]) -> Int? {
    var largest = 0
    for text in texts {
      guard let number = Int(text), number >= 0, String(number) == text else { return nil }
      largest = max(largest, number)
    }
    // A column of identifiers is no list of classes; its texts are taken for names.
    return largest < max(256, 4 * texts.count) ? largest : nil
  }
}
