import Compilation
import Datasets
import Formats
import GraphIR
import Settings
import TensorCore

/// One who reads numbers of a field as classes.
private struct ClassReader: Hashable {
  let field: String
  let values: Signature.Values
  /// Who it is, for messages: `layer "loss" (softmax_cross_entropy)`.
  let name: String

  func takes(_ value: Float) -> Bool {
    switch values {
    case .integers(let bound): value >= 0 && value < Float(bound) && value == value.rounded()
    case .unitInterval: value >= 0 && value <= 1
    }
  }

  var expectation: String {
    switch values {
    case .integers(let bound): "a class, a whole number from 0 to \(bound - 1)"
    case .unitInterval: "a number from 0 to 1"
    }
  }
}

extension [Objective] {
  /// Looks for numbers that layers or metrics read as classes and that are none, in fields that do not say how many
  /// classes they have: a class beyond the outputs, a part of one, one below 0. Such a loss would be no number, or that
  /// of another class.
  ///
  /// Throws: `FormatError` with the file and the row of the first; what reading a row throws.
  func checkClassNumbers(of rows: Pipeline, _ split: Split) throws {
    for reader in classReaders(of: rows.fields) {
      guard let field = rows.fields.firstIndex(where: { $0.name == reader.field }) else { continue }
      let count = rows.fields[field].shape.count
      var values = [Float](repeating: 0, count: count)
      for row in 0..<rows.count {
        try values.withUnsafeMutableBufferPointer {
          if let base = $0.baseAddress { try rows.read(row: row, field: field, into: base) }
        }
        guard let wrong = values.first(where: { !reader.takes($0) }) else { continue }
        let files = rows.files.map(\.path).joined(separator: ", ")
        throw FormatError(
          .badData, file: files.isEmpty ? "data.\(split.rawValue)" : files,
          "row \(row) of \"\(split.rawValue)\", field \"\(reader.field)\": expected \(reader.expectation), as "
            + "\(reader.name) reads it, got \(Double(wrong).json.shown)")
      }
    }
  }

  private func classReaders(of fields: [DataField]) -> [ClassReader] {
    var readers: [ClassReader] = []
    func add(
      _ source: Graph.Source, _ values: Signature.Values?, _ name: String, in shaped: ShapedGraph
    ) {
      guard let values, let field = shaped.graph.field(behind: source, in: shaped, fields),
        !field.isOneHot
      else { return }
      // The reader of the file has proved these, and the graph has been asked whether it takes as many.
      if case .integers(let bound) = values, let classes = field.classes, classes <= bound {
        return
      }
      let reader = ClassReader(field: field.name, values: values, name: name)
      if !readers.contains(reader) { readers.append(reader) }
    }
    for objective in self {
      guard let shaped = try? ShapedGraph(objective.graph, batch: 1) else { continue }
      for (node, signature) in zip(shaped.graph.nodes, shaped.signatures) {
        for (number, source) in node.inputs.enumerated() {
          guard case .integers? = signature.values[number] else { continue }
          let type = type(of: node.layer).type
          add(source, signature.values[number], "layer \"\(node.name)\" (\(type))", in: shaped)
        }
      }
      for measure in objective.measures {
        let rows = (try? measure.accumulator(for: shaped)) as? any ClassRowsAccumulator
        let type = type(of: measure.settings.metric).type
        add(measure.target, rows?.rows.targetValues, "the metric \"\(type)\"", in: shaped)
      }
    }
    return readers
  }
}
