import Datasets
public import Formats
import Foundation
public import Settings
import TensorCore

/// Rows beside what a network makes of them: how far they are apart, and pictures of both.
public final class Reconstruction {
  /// What was found over all rows so far.
  public struct Means: Sendable {
    /// The sum of squared differences of a row.
    public var squaredError = 0.0
    /// In decibels.
    public var psnr = 0.0
    public var rows = 0
  }

  public private(set) var means = Means()
  private let values: ValueRows
  private let original: Int
  /// The field that the value is computed from, where it is another picture of the same size.
  private let input: Int?
  private let label: Int?
  private let range: ClosedRange<Float>?
  /// The first rows, what they were computed from where that is another field, and what was made of them.
  private var kept: (inputs: [Float], originals: [Float], copies: [Float]) = ([], [], [])

  /// What people should know of how the rows were read.
  public var notes: [String] { values.rows.notes }

  /// - Parameters:
  ///   - choice: the value that is held against the rows; by default what a loss compares with a field that is no class.
  ///   - range: the numbers that are black and white; where nil, what the transforms make of the bytes 0 and 255.
  /// Throws: what does not fit, what the checkpoint lacks, what is wrong with the rows.
  public init(
    _ model: TrainedModel, _ choice: ValueChoice = .prediction, rows source: RowSource,
    range: ClosedRange<Float>? = nil, threads: Int
  ) throws {
    let value = try model.value(choice) { $0.target.classes == nil }
    let shape = try value.rowShape
    let alike = model.fields.filter { $0.classes == nil && $0.shape.count == shape.count }
    guard let field = value.comparison?.target ?? alike.first, field.shape.count == shape.count
    else {
      throw Problems(
        Problem(
          "no field of the data is like \(choice.name) \(shape); --network or --layer says what "
            + "reconstructs a row"))
    }
    values = try ValueRows(model, value, besides: [field], rows: source, threads: threads)
    let fields = values.pipeline.fields
    guard let original = fields.firstIndex(where: { $0.name == field.name }) else {
      preconditionFailure("rows without the field they were asked for")
    }
    self.original = original
    input = try value.neededFields(among: model.fields).first {
      $0.name != field.name && PictureShape($0.shape)?.canStandBeside(field.shape) == true
    }.flatMap { input in fields.firstIndex { $0.name == input.name } }
    label = fields.firstIndex { $0.classes != nil && $0.shape.count == 1 }
    self.range =
      range ?? model.data.flatMap { PixelScale(of: field, in: $0)?.range }
  }

  /// Calls `body` with an object for each row: `row`, `label` where there is one, `squared_error` (its sum over the row) and `psnr`,
  /// 10 log10(MAX² / mean squared error) decibels, where MAX is how far black and white are apart.
  ///
  /// - Parameter keeping: of how many rows pictures will be wanted.
  public func forEachRow(keeping: Int, _ body: (JSON) throws -> Void) throws {
    let extent = values.shape.count
    try values.forEachBatch { batch, view in
      for index in 0..<batch.count {
        let copy = UnsafeBufferPointer(start: view.base + index * extent, count: extent)
        let row = UnsafeBufferPointer(
          start: batch.pointers[original] + index * extent, count: extent)
        if means.rows < keeping {
          kept.originals += row
          kept.copies += copy
          if let input {
            kept.inputs += inputPicture(
              UnsafePointer(batch.pointers[input]), row: index, count: extent)
          }
        }
        var members = values.rows.members(of: batch.rows[index])
        if let label {
          members.append(.init("label", .label(batch.pointers[label][index])))
        }
        try body(JSON(.object(members + measure(row, copy))))
      }
    }
  }

  /// One row of the input with as many channels as the original has.
  private func inputPicture(
    _ rows: UnsafePointer<Float>, row: Int, count: Int
  ) -> [Float] {
    let size = input.map { values.pipeline.fields[$0].shape.count } ?? count
    let picture = UnsafeBufferPointer(start: rows + row * size, count: size)
    return picture.flatMap { repeatElement($0, count: count / size) }
  }

  private func measure(
    _ row: UnsafeBufferPointer<Float>, _ copy: UnsafeBufferPointer<Float>
  ) -> [JSON.Member] {
    let error = zip(row, copy).reduce(0.0) {
      let difference = Double($1.0) - Double($1.1)
      return $0 + difference * difference
    }
    let range = range ?? ClosedRange(of: Array(row))
    let peak = Double(range.upperBound) - Double(range.lowerBound)
    let psnr = 10 * log10(peak * peak / (error / Double(row.count)))
    means.squaredError += (error - means.squaredError) / Double(means.rows + 1)
    means.psnr += (psnr - means.psnr) / Double(means.rows + 1)
    means.rows += 1
    return [
      .init("squared_error", JSON(.number(error))), .init("psnr", JSON(.number(psnr))),
    ]
  }

  /// The rows that were kept, each above its reconstruction, and below what that was made of where it is another picture.
  ///
  /// Throws: `Problems` where the rows are no pictures.
  public func picture(columns: Int) throws(Problems) -> RasterImage {
    let field = values.pipeline.fields[original]
    guard let shape = PictureShape(field.shape) else {
      throw Problems(
        Problem(
          "expected pictures [H, W, C] of 1 or 3 channels; \"\(field.name)\" is \(field.shape)"))
    }
    let extent = shape.count
    let count = kept.originals.count / extent
    var strips: [Float] = []
    for first in stride(from: 0, to: count, by: columns) {
      let rows = first * extent..<min(first + columns, count) * extent
      let gap = [Float](repeating: .nan, count: columns * extent - rows.count)
      if input != nil { strips += kept.inputs[rows] + gap }
      strips += kept.originals[rows] + gap + kept.copies[rows] + gap
    }
    let grid = ImageGrid(
      columns: columns, of: shape, range: range ?? ClosedRange(of: kept.originals))
    return grid.image(of: strips, shape)
  }
}
