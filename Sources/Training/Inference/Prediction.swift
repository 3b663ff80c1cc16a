import Compilation
import Datasets
import GraphIR
public import Settings
import TensorCore

/// What a trained model says of rows, one JSON object a row.
///
/// A classifier gives `class` (and `name`, where classes have names), its `probability` and, if asked for, the `top`
/// classes; where each position of a row has a class (a pixel, a word), `class` and `probability` are lists. Any other
/// network gives its `output`: where that is a prediction of columns of a table, in the units of the file, and `values`
/// has them once more by the names of the columns. Where the rows hold the truth, `label` is it.
///
/// Of a network with several outputs, `output` is the first, and `outputs` has all by their names. Where losses compare
/// several predictions with fields of the data, `predictions` has all by the names of these fields.
public struct Prediction {
  private let values: ValueRows
  /// How each value is read: first the one that was asked for.
  private let readings: [(name: String, reading: Reading, shape: Shape)]
  /// Whether they are predictions, and not outputs of a network.
  private let arePredictions: Bool
  /// The field of the truth in the rows.
  private let label: Int?
  private let top: Int

  /// How numbers are read.
  private enum Reading {
    /// As they are, or in the units of columns.
    case output(FieldColumns?)
    /// The last axis holds a probability for each class.
    case classes([String]?)
    /// One number is the probability of class 1.
    case yes([String]?)
  }

  /// What people should know of how the rows were read.
  public var notes: [String] { values.rows.notes }

  /// - Parameter top: how many of the most probable classes are told.
  /// Throws: what does not fit, what the checkpoint lacks, what is wrong with the rows.
  public init(
    _ model: TrainedModel, _ choice: ValueChoice = .prediction, rows: RowSource, top: Int = 1,
    threads: Int
  ) throws {
    let value = try model.value(choice) { $0.target.classes != nil }
    let values = try ValueRows(model, value, computesAll: true, rows: rows, threads: threads)
    let target = value.comparison?.target
    label = values.pipeline.fields.firstIndex {
      $0.name == target?.name && $0.shape.count == 1 && $0.classes != nil
    }
    let others = zip(value.others, values.otherShapes).map {
      ($0.name, Self.reading($0.comparison, $1, model), $1)
    }
    readings =
      [(value.name, Self.reading(value.comparison, values.shape, model), values.shape)] + others
    arePredictions = value.comparison != nil
    (self.values, self.top) = (values, top)
  }

  private static func reading(
    _ comparison: Comparison?, _ shape: Shape, _ model: TrainedModel
  ) -> Reading {
    guard let comparison else { return .output(nil) }
    let names = comparison.target.classNames
    switch comparison.scale {
    case .logits where shape.rank > 0: return .classes(names)
    case _ where shape.rank > 0 && shape.last > 1 && comparison.target.classes == shape.last:
      return .classes(names)
    case _ where shape.count == 1 && comparison.target.classes == 2: return .yes(names)
    case .targets where shape.count == comparison.target.shape.count:
      let columns = model.data?.columns(of: comparison.target)
      let width = shape.rank > 0 ? shape.last : 1
      return .output(columns?.count == nil || columns?.count == width ? columns : nil)
    default: return .output(nil)
    }
  }

  /// Calls `body` with the object of each row, in the order of the rows.
  public func forEachRow(_ body: (JSON) throws -> Void) throws {
    try values.forEachBatchOfAll { batch, views in
      for index in 0..<batch.count {
        var members = values.rows.members(of: batch.rows[index])
        if let label {
          members.append(.init("label", .label(batch.pointers[label][index])))
        }
        let found = zip(readings, views).map { reading, view in
          self.members(
            UnsafePointer(view.base + index * reading.shape.count), reading.reading, reading.shape)
        }
        try body(JSON(.object(members + found[0] + several(found))))
      }
    }
  }

  /// All values by their names, where there are several.
  private func several(_ found: [[JSON.Member]]) -> [JSON.Member] {
    guard found.count > 1 else { return [] }
    let entries = zip(readings, found).map { reading, members in
      JSON.Member(reading.name, arePredictions ? JSON(.object(members)) : members[0].value)
    }
    return [.init(arePredictions ? "predictions" : "outputs", JSON(.object(entries)))]
  }

  private func members(
    _ row: UnsafePointer<Float>, _ reading: Reading, _ shape: Shape
  ) -> [JSON.Member] {
    switch reading {
    case .output(nil):
      return [.init("output", .nested(row, shape))]
    case .output(let columns?):
      return Self.members(row, columns, shape)
    case .yes(let names):
      let isYes = row[0] > 0.5
      return Self.members(isYes ? 1 : 0, isYes ? row[0] : 1 - row[0], names)
    case .classes(let names) where shape.rank == 1:
      let best = largest(row, shape.last)
      return Self.members(best, row[best], names) + topMembers(row, names, shape)
    case .classes:
      let (width, positions) = (shape.last, shape.dropLast)
      let best = (0..<positions.count).map { largest(row + $0 * width, width) }
      let probabilities = best.enumerated().map { row[$0 * width + $1] }
      return [
        .init("class", .nested(best.map(\.json), positions)),
        .init("probability", .nested(probabilities.map(JSON.init), positions)),
      ]
    }
  }

  /// Numbers of columns in the units of the file, as they lie and by the names of the columns.
  private static func members(
    _ row: UnsafePointer<Float>, _ columns: FieldColumns, _ shape: Shape
  ) -> [JSON.Member] {
    let width = shape.rank > 0 ? shape.last : 1
    let numbers = (0..<shape.count).map {
      JSON(columns.original(row[$0], column: $0 % width))
    }
    let output = JSON.Member("output", .nested(numbers, shape))
    guard let names = columns.names else { return [output] }
    let steps = shape.rank > 0 ? shape.dropLast : shape
    let values = names.enumerated().map { column, name in
      let own = stride(from: column, to: numbers.count, by: width).map { numbers[$0] }
      return JSON.Member(name, .nested(own, steps))
    }
    return [output, .init("values", JSON(.object(values)))]
  }

  private static func members(
    _ number: Int, _ probability: Float, _ names: [String]?
  ) -> [JSON.Member] {
    // A network whose weights are not numbers says nothing.
    guard probability.isFinite else { return [.init("class", JSON(.null))] }
    // A network may tell more classes apart than the data have names for: those are called by their numbers.
    let name = names.map { $0.indices.contains(number) ? $0[number] : "\(number)" }
    return [.init("class", number.json)] + (name.map { [.init("name", $0.json)] } ?? [])
      + [.init("probability", JSON(probability))]
  }

  private func topMembers(
    _ row: UnsafePointer<Float>, _ names: [String]?, _ shape: Shape
  ) -> [JSON.Member] {
    guard top > 1 else { return [] }
    let order = (0..<shape.last).sorted { (row[$1], $0) < (row[$0], $1) }
    let entries = order.prefix(top).map { JSON(.object(Self.members($0, row[$0], names))) }
    return [.init("top", JSON(.array(entries)))]
  }
}
