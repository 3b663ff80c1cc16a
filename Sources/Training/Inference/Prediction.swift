import Compilation
import Datasets
import GraphIR
public import Settings
import TensorCore

/// What a trained model says of rows, one JSON object a row.
///
/// A classifier gives `class` (and `name`, where classes have names), its `probability` and, if asked for, the `top`
/// classes; where each position of a row has a class (a pixel, a word), `class` and `probability` are lists. Any other
/// network gives its `output`. Where the rows hold the truth, `label` is it.
public struct Prediction {
  private let values: ValueRows
  private let reading: Reading
  /// The field of the truth in the rows.
  private let label: Int?
  private let top: Int

  /// How numbers are read.
  private enum Reading {
    /// As they are.
    case output
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
    values = try ValueRows(model, value, rows: rows, threads: threads)
    let reading = Self.reading(value.comparison, shape: values.shape)
    let target = value.comparison?.target
    label = values.pipeline.fields.firstIndex {
      $0.name == target?.name && $0.shape.count == 1 && $0.classes != nil
    }
    (self.reading, self.top) = (reading, top)
  }

  private static func reading(_ comparison: Comparison?, shape: Shape) -> Reading {
    guard let comparison else { return .output }
    let names = comparison.target.classNames
    switch comparison.scale {
    case .logits where shape.rank > 0: return .classes(names)
    case _ where shape.rank > 0 && shape.last > 1 && comparison.target.classes == shape.last:
      return .classes(names)
    case _ where shape.count == 1 && comparison.target.classes == 2: return .yes(names)
    default: return .output
    }
  }

  /// Calls `body` with the object of each row, in the order of the rows.
  public func forEachRow(_ body: (JSON) throws -> Void) throws {
    let extent = values.shape.count
    try values.forEachBatch { batch, view in
      for index in 0..<batch.count {
        var members = values.rows.members(of: batch.rows[index])
        if let label {
          members.append(.init("label", .label(batch.pointers[label][index])))
        }
        try body(JSON(.object(members + self.members(view.base + index * extent))))
      }
    }
  }

  private func members(_ row: UnsafePointer<Float>) -> [JSON.Member] {
    switch reading {
    case .output:
      return [.init("output", .nested(row, values.shape))]
    case .yes(let names):
      let isYes = row[0] > 0.5
      return Self.members(isYes ? 1 : 0, isYes ? row[0] : 1 - row[0], names)
    case .classes(let names) where values.shape.rank == 1:
      let best = largest(row, values.shape.last)
      return Self.members(best, row[best], names) + topMembers(row, names)
    case .classes:
      let (width, positions) = (values.shape.last, values.shape.dropLast)
      let best = (0..<positions.count).map { largest(row + $0 * width, width) }
      let probabilities = best.enumerated().map { row[$0 * width + $1] }
      return [
        .init("class", .nested(best.map(\.json), positions)),
        .init("probability", .nested(probabilities.map(JSON.init), positions)),
      ]
    }
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

  private func topMembers(_ row: UnsafePointer<Float>, _ names: [String]?) -> [JSON.Member] {
    guard top > 1 else { return [] }
    let order = (0..<values.shape.last).sorted { (row[$1], $0) < (row[$0], $1) }
    let entries = order.prefix(top).map { JSON(.object(Self.members($0, row[$0], names))) }
    return [.init("top", JSON(.array(entries)))]
  }
}
