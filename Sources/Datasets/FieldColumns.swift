/// What the last axis of a field holds: columns of a table, and how their numbers became those of the field.
public struct FieldColumns: Hashable, Sendable {
  /// The names of the columns, in their order; nil where only the file says them.
  public var names: [String]?
  /// From the numbers of the file to those of the field: one for each column, or one for all.
  public var scale: FeatureScale

  /// Columns whose numbers are as in the file.
  public init(_ names: [String]?, scale: FeatureScale = FeatureScale(mean: [0], deviation: [1])) {
    self.names = names
    self.scale = scale
  }

  /// How many there are; nil where only the file says it.
  public var count: Int? { names?.count ?? (scale.mean.count > 1 ? scale.mean.count : nil) }

  /// A number of the field in the units of the file.
  public func original(_ value: Float, column: Int) -> Float {
    let column = column % scale.mean.count
    return Float(scale.mean[column] + scale.deviation[column] * Double(value))
  }

  /// The columns behind one more change of their numbers.
  func scaled(by change: FeatureScale) -> FieldColumns {
    FieldColumns(names, scale: scale.followed(by: change))
  }

  /// Some of the columns, in a given order; nil where it is not known what they are.
  func selecting(_ columns: [Int]) -> FieldColumns? {
    func selected<Element>(_ values: [Element]) -> [Element]? {
      let found = columns.filter(values.indices.contains).map { values[$0] }
      return found.count == columns.count ? found : nil
    }
    var chosen = self
    if let names {
      guard let selected = selected(names) else { return nil }
      chosen.names = selected
    }
    if scale.mean.count > 1 {
      guard let mean = selected(scale.mean), let deviation = selected(scale.deviation) else {
        return nil
      }
      chosen.scale = FeatureScale(mean: mean, deviation: deviation)
    }
    return chosen
  }
}
