import Datasets
public import Formats
import Settings
import TensorCore

/// The values of a layer, or of a network's output, for every row: codes to work on with other programs.
public struct Encoding: Sendable {
  /// What was computed.
  public let name: String
  /// The outputs of the network that were not computed, as they are asked for: `encoder/deviation`.
  public let otherOutputs: [String]
  /// How many rows there are.
  public let count: Int
  /// The shape of the value for one row.
  public let shape: Shape
  /// The classes of the rows, where they hold one class each.
  public let labels: [Int]?
  /// What people should know of how the rows were read.
  public let notes: [String]
  /// What the classes are called; empty where they have no names.
  private let classNames: [String]
  private let values: [Float]

  /// The formats that values are written in, by the end of a file's name.
  public enum Format: String, CaseIterable, Sendable {
    case npy
    case csv
    case safetensors
    case png

    /// The format of a file's name; nil where it ends in none of them.
    public init?(of path: String) {
      guard let format = Format.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") })
      else { return nil }
      self = format
    }
  }

  /// Computes a value for all rows.
  ///
  /// Throws: what does not fit, what the checkpoint lacks, what is wrong with the rows.
  public init(
    _ model: TrainedModel, _ choice: ValueChoice, rows source: RowSource, threads: Int
  ) throws {
    let value = try model.value(choice)
    let rows = try ValueRows(model, value, rows: source, threads: threads)
    let extent = rows.shape.count
    try RowMemory.check(rows.pipeline.count, rows.shape)
    let label = rows.pipeline.fields.firstIndex { $0.classes != nil && $0.shape.count == 1 }
    var values: [Float] = []
    var labels: [Int] = []
    values.reserveCapacity(rows.pipeline.count * extent)
    try rows.forEachBatch { batch, view in
      values += UnsafeBufferPointer(start: view.base, count: batch.count * extent)
      guard let label else { return }
      for index in 0..<batch.count {
        let value = batch.pointers[label][index]
        guard let number = Int(exactly: value) else {
          throw DataError(
            field: rows.pipeline.fields[label].name, row: batch.rows[index],
            "expected a class, a whole number, got \(value)")
        }
        labels.append(number)
      }
    }
    name = choice.name
    otherOutputs =
      if case .network(let network) = choice { value.others.map { "\(network)/\($0.name)" } } else {
        []
      }
    (count, shape, self.values) = (rows.pipeline.count, rows.shape, values)
    self.labels = label == nil ? nil : labels
    notes = rows.rows.notes
    classNames = label.flatMap { rows.pipeline.fields[$0].classNames } ?? []
  }

  /// Writes a file whole or not at all.
  ///
  /// NPY holds the values alone, [rows, ...]; CSV has a row a line with `row`, `label` where there are labels, and a column for
  /// each number; safetensors has the tensors `values` and, where there are labels, `labels`. PNG shows rows of two numbers as
  /// points in the plane, each in the colour of its class.
  public func write(_ path: String, as format: Format) throws(FormatError) {
    let dimensions = shape.prepending(count).dimensions
    switch format {
    case .npy: try NPYFile(dimensions: dimensions, values: .floats(values)).write(path)
    case .csv: try table.write(path)
    case .png:
      guard shape.count == 2 else {
        throw FormatError(
          .cannotCreate, file: path,
          "a picture shows rows of two numbers as points; \(name) is \(shape)")
      }
      try PNGFile.write(path, ScatterPlot().image(of: values, labels, names: classNames))
    case .safetensors:
      let classes = labels.map {
        [SafetensorsTensor("labels", shape: [count], $0.map(Int64.init))]
      }
      try SafetensorsWriter.write(
        path, [SafetensorsTensor("values", shape: dimensions, values)] + (classes ?? []),
        metadata: ["dlcli": Version.number, "name": name])
    }
  }

  private var table: CSVWriter {
    let extent = shape.count
    var table = CSVWriter(
      columns: ["row"] + (labels == nil ? [] : ["label"])
        + (0..<extent).map { extent == 1 ? name : "\(name)_\($0)" })
    values.withUnsafeBufferPointer { values in
      for row in 0..<count {
        table.append(
          ["\(row)"] + (labels.map { ["\($0[row])"] } ?? []),
          numbers: UnsafeBufferPointer(rebasing: values[row * extent..<(row + 1) * extent]))
      }
    }
    return table
  }
}
