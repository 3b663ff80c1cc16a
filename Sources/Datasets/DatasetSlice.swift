/// Some neighbouring rows of a dataset, numbered from 0.
public struct DatasetSlice: Dataset {
  private let whole: any Dataset
  private let rows: Range<Int>

  /// The rows of `whole` in a range that lies within it.
  public init(_ whole: any Dataset, _ rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= whole.count, "no such rows")
    self.whole = whole
    self.rows = rows
  }

  public var fields: [DataField] { whole.fields }
  public var count: Int { rows.count }
  public var files: [SourceFile] { whole.files }
  public var makesRowsLate: Bool { whole.makesRowsLate }

  public var tokenizers: [String: any Tokenizer] { whole.tokenizers }

  public func length(row: Int, field: Int) -> Int {
    whole.length(row: rows.lowerBound + row, field: field)
  }

  public func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws {
    try whole.read(row: rows.lowerBound + row, field: field, into: destination)
  }
}
