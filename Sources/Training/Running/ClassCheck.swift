import Compilation
import Datasets
import GraphIR
import Settings

extension Graph {
  /// Checks that no field has more classes than the layers that read its numbers can take: a model with too few outputs
  /// would otherwise train to losses that are no numbers.
  ///
  /// Throws: `Problems` at the place of every such layer.
  func checkClasses(of fields: [DataField]) throws(Problems) {
    var problems = Problems()
    for reading in classReadings(of: fields) {
      let (node, field) = (reading.node, reading.field)
      guard let classes = field.classes, classes > reading.bound else { continue }
      problems.add(
        "the data's \"\(field.name)\" has \(classes) classes\(Self.list(field.classNames ?? [])); layer "
          + "\"\(node.name)\" (\(type(of: node.layer).type)) can tell only \(reading.bound) apart",
        path: node.path, at: node.place)
    }
    try problems.throwIfAny()
  }

  /// Reports losses that tell more classes apart than the data name, of fields that are one class a row: some output
  /// would stand for nothing.
  ///
  /// Names that are the numbers of the classes tell only which is the largest in the data; so do those of tokens, of
  /// which a model may well know more.
  func checkClassNames(of fields: [DataField], _ problems: inout Problems) {
    for reading in classReadings(of: fields) where reading.isOfLoss {
      let (node, field) = (reading.node, reading.field)
      guard let names = field.classNames, names.count < reading.bound,
        names != names.indices.map(String.init)
      else { continue }
      problems.add(
        "the data's \"\(field.name)\" has \(names.count) classes\(Self.list(names)); layer "
          + "\"\(node.name)\" (\(type(of: node.layer).type)) tells \(reading.bound) apart",
        path: node.path, at: node.place)
    }
  }

  /// What people should know of losses that tell more classes apart than the data have, of fields that are one class a
  /// row: some outputs learn never to be chosen. Those whose classes have names are mistakes, see `checkClassNames`.
  func classNotes(of fields: [DataField]) -> [String] {
    classReadings(of: fields).filter(\.isOfLoss).compactMap { reading in
      guard let classes = reading.field.classes, classes < reading.bound else { return nil }
      return "layer \"\(reading.node.name)\" tells \(reading.bound) classes apart; the data's "
        + "\"\(reading.field.name)\" has \(classes)"
    }
  }

  /// A node that reads the class numbers of a field.
  private struct ClassReading {
    let node: Node
    /// How many classes it can tell apart.
    let bound: Int
    let field: DataField

    /// Whether it is a loss of one class a row.
    var isOfLoss: Bool { node.layer is any Loss && field.shape.count == 1 }
  }

  /// Where the nodes read class numbers of the data; none where the shapes do not fit, which the plan says.
  private func classReadings(of fields: [DataField]) -> [ClassReading] {
    guard let shaped = try? ShapedGraph(self, batch: 1) else { return [] }
    return zip(nodes, shaped.signatures).flatMap { node, signature in
      node.inputs.enumerated().compactMap { number, source in
        guard case .integers(let bound)? = signature.values[number],
          let field = classField(behind: source, in: shaped, fields)
        else { return nil }
        return ClassReading(node: node, bound: bound, field: field)
      }
    }
  }

  /// The names of a few classes, for messages.
  private static func list(_ names: [String]) -> String {
    names.isEmpty || names.count > 12 ? "" : " (" + names.joined(separator: ", ") + ")"
  }

  /// The field whose class numbers a value is, perhaps under another shape.
  private func classField(
    behind source: Source, in shaped: ShapedGraph, _ fields: [DataField]
  ) -> DataField? {
    let field = field(behind: source, in: shaped, fields)
    return field.flatMap { $0.isOneHot ? nil : $0 }
  }

  /// The field that a value is, perhaps under another shape.
  func field(
    behind source: Source, in shaped: ShapedGraph, _ fields: [DataField]
  ) -> DataField? {
    var source = source
    while case .node(let index, output: 0) = source, shaped.signatures[index].passesOn {
      source = nodes[index].inputs[0]
    }
    guard case .input(let index) = source else { return nil }
    return fields.first { $0.name == inputs[index].name }
  }
}
