/// Some rows of a dataset, numbered from 0 in the order given.
public struct DatasetRows: Dataset {
  private let whole: any Dataset
  private let rows: [Int]

  /// The rows of `whole` of these numbers, each of which there is.
  public init(_ whole: any Dataset, _ rows: [Int]) {
    precondition(rows.allSatisfy { (0..<whole.count).contains($0) }, "no such rows")
    self.whole = whole
    self.rows = rows
  }

  public var fields: [DataField] { whole.fields }
  public var count: Int { rows.count }
  public var files: [SourceFile] { whole.files }
  public var makesRowsLate: Bool { whole.makesRowsLate }

  public var tokenizers: [String: any Tokenizer] { whole.tokenizers }

  public func length(row: Int, field: Int) -> Int { whole.length(row: rows[row], field: field) }

  public func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws {
    try whole.read(row: rows[row], field: field, into: destination)
  }
}
