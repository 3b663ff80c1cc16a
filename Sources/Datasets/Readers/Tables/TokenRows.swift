import TensorCore

/// Rows of tokens, each padded to the length of its field, beside columns of classes and numbers.
struct TokenRows: Dataset {
  /// The tokens of all rows, one row behind the other.
  struct Tokens {
    private(set) var numbers: [Int32] = []
    private(set) var ends: [Int] = []

    mutating func append(_ row: ArraySlice<Int32>) {
      numbers += row
      ends.append(numbers.count)
    }

    func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
  }

  /// A field [T], and the tokens that go in front of each row or behind it.
  struct Column {
    let field: DataField
    let tokens: Tokens
    var before: Int32?
    var behind: Int32?
  }

  let fields: [DataField]
  let tokenizers: [String: any Tokenizer]
  private let texts: [Column]
  private let others: MemoryDataset

  init(_ texts: [Column], _ others: MemoryDataset, tokenizers: [String: any Tokenizer]) {
    self.texts = texts
    self.others = others
    self.tokenizers = tokenizers
    fields = texts.map(\.field) + others.fields
  }

  var count: Int { others.count }
  var files: [SourceFile] { others.files }
  var notes: [String] { others.notes }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    guard field < texts.count else {
      return others.read(row: row, field: field - texts.count, into: destination)
    }
    let column = texts[field]
    var position = 0
    func put(_ token: Int32) {
      destination[position] = Float(token)
      position += 1
    }
    if let before = column.before { put(before) }
    column.tokens.numbers.withUnsafeBufferPointer { numbers in
      for index in column.tokens.range(of: row) { put(numbers[index]) }
    }
    if let behind = column.behind { put(behind) }
    let extent = column.field.shape.count
    (destination + position).update(repeating: 0, count: extent - position)
  }

  func length(row: Int, field: Int) -> Int {
    guard field < texts.count else { return others.length(row: row, field: field - texts.count) }
    let column = texts[field]
    return column.tokens.range(of: row).count
      + (column.before == nil && column.behind == nil ? 0 : 1)
  }
}
