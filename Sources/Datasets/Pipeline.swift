public import Settings
import TensorCore

/// A dataset and the transforms of its fields: what batches are made of.
///
/// As a dataset of its own it gives the rows as evaluation sees them, without random changes.
public struct Pipeline: Dataset {
  /// The fields after all transforms.
  public let fields: [DataField]
  private var dataset: any Dataset
  /// The field of the dataset that each field is made of.
  private let sources: [Int]
  private let chains: [[BoundTransform]]
  /// The most numbers that a row of each field has on its way.
  private let extents: [Int]

  /// The transforms act in their order. What is random in them is a function of the seed, the transform's place in
  /// the list, the epoch and the row.
  ///
  /// - Parameter numbers: the places of the transforms in the whole list, where these are some of it.
  /// Throws: `Problems` with every transform that does not suit its field, or whose field there is not.
  public init(
    _ dataset: any Dataset, _ transforms: [any Transform] = [], numbers: [Int]? = nil,
    seed: UInt64 = 0
  ) throws(Problems) {
    var problems = Problems()
    var fields = dataset.fields
    var sources = Array(fields.indices)
    var chains = [[BoundTransform]](repeating: [], count: fields.count)
    var extents = fields.map(\.shape.count)
    for (index, transform) in transforms.enumerated() {
      do throws(Problems) {
        var field = try Pipeline.index(of: transform.field, in: fields)
        if let added = transform.addedField {
          fields.append(try Pipeline.copy(of: fields[field], as: added, in: fields))
          sources.append(sources[field])
          chains.append(chains[field])
          extents.append(extents[field])
          field = fields.count - 1
        }
        let number = numbers?[index] ?? index
        let name = "data.transform.\(number).\(Swift.type(of: transform).type)"
        let bound = try transform.bound(
          to: fields[field], random: RandomStream(seed: seed, name: name))
        chains[field].append(bound)
        let columns = fields[field].columns.flatMap { transform.columns(FieldColumns($0))?.names }
        fields[field] = bound.output
        fields[field].columns = columns
        fields[field].scale = transform.addedField == nil ? nil : bound.output.scale
        fields[field].isPadded = bound.output.isPadded && transform.keepsPadding
        extents[field] = max(extents[field], bound.output.shape.count)
      } catch {
        problems.add(error)
      }
    }
    try problems.throwIfAny()
    self.dataset = dataset
    self.fields = fields
    self.sources = sources
    self.chains = chains
    self.extents = extents
  }

  /// The first rows alone, to try whether a network can learn a few by heart.
  public func prefix(_ count: Int) -> Pipeline {
    var pipeline = self
    pipeline.dataset = DatasetSlice(dataset, 0..<min(count, dataset.count))
    return pipeline
  }

  public var count: Int { dataset.count }
  public var files: [SourceFile] { dataset.files }
  public var makesRowsLate: Bool { dataset.makesRowsLate }
  public var tokenizers: [String: any Tokenizer] { dataset.tokenizers }

  public func length(row: Int, field: Int) -> Int {
    fields[field].isPadded
      ? dataset.length(row: row, field: sources[field]) : fields[field].shape.dimensions.first ?? 1
  }

  /// The number of the field of a name.
  ///
  /// Throws: `Problems` at the place of the name, with the nearest known one.
  public static func index(of name: PlacedName, in fields: [DataField]) throws(Problems) -> Int {
    if let index = fields.firstIndex(where: { $0.name == name.text }) { return index }
    throw Problems(
      name.problem(
        "the data have no field \"\(name.text)\""
          + suggestion(for: name.text, among: fields.map(\.name))))
  }

  /// Throws: `Problems` at the place of the name where there is a field of this name.
  private static func copy(
    of field: DataField, as name: PlacedName, in fields: [DataField]
  ) throws(Problems) -> DataField {
    guard !fields.contains(where: { $0.name == name.text }) else {
      throw Problems(name.problem("the data have a field \"\(name.text)\" already"))
    }
    var copy = DataField(
      name.text, field.shape, classes: field.classes, classNames: field.classNames,
      isOneHot: field.isOneHot, isPadded: field.isPadded)
    copy.scale = field.scale
    return copy
  }

  /// Writes the given rows of all fields, each field's behind one another from its address on.
  ///
  /// Any number of threads may fill at a time. The rows are numbered as in the dataset, so what is random in a row
  /// does not depend on the batch in which it comes.
  ///
  /// - Parameter steps: how much is wanted of rows that are padded.
  public func fill(
    rows: UnsafeBufferPointer<Int>, epoch: Int, isTraining: Bool, steps: Int? = nil,
    into destinations: [UnsafeMutablePointer<Float>]
  ) throws {
    for field in fields.indices {
      let extent = fields[field].limited(to: steps).shape.count
      for (index, row) in rows.enumerated() {
        try make(
          field, extent, RowContext(row: row, epoch: epoch, isTraining: isTraining),
          destinations[field] + index * extent)
      }
    }
  }

  public func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws {
    try make(
      field, fields[field].shape.count, RowContext(row: row, epoch: 0, isTraining: false),
      destination)
  }

  /// The first `extent` numbers of a row.
  private func make(
    _ field: Int, _ extent: Int, _ context: RowContext,
    _ destination: UnsafeMutablePointer<Float>
  ) throws {
    if extents[field] == extent {
      return try transform(field, context, destination)
    }
    // A row that is larger on its way than what is wanted of it does not fit where it goes.
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: extents[field]) { row in
      guard let base = row.baseAddress else { return }
      try transform(field, context, base)
      destination.update(from: base, count: extent)
    }
  }

  private func transform(
    _ field: Int, _ context: RowContext, _ values: UnsafeMutablePointer<Float>
  ) throws {
    try dataset.read(row: context.row, field: sources[field], into: values)
    for transform in chains[field] { try transform.apply(values, context) }
  }
}
