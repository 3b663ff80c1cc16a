/// Rows of a file, or of a folder, that no configuration names.
public struct FileRows: Sendable {
  public let dataset: any Dataset
  /// The names of the files, where each row is one; within the folder, if it is one that was read.
  public let names: [String]?

  public init(_ dataset: any Dataset, names: [String]? = nil) {
    self.dataset = dataset
    self.names = names
  }
}
