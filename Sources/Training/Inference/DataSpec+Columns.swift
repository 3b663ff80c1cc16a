import Datasets

extension DataSpec {
  /// What the columns of the training file mean to the numbers of a field that a network sees, behind all transforms;
  /// nil for a field of anything else, and where their numbers cannot be had back.
  func columns(of field: DataField) -> FieldColumns? {
    guard let split = train ?? reportedSplit.flatMap({ self[$0] }) else { return nil }
    let (sources, changes, _) = (transforms + split.transforms).making([field.name])
    guard let source = sources.first, var columns = split.reader.columns(of: source) else {
      return nil
    }
    // A transform that another field was copied before changes that one alone, which is not among these.
    for change in changes {
      guard let changed = change.columns(columns) else { return nil }
      columns = changed
    }
    return columns
  }
}
