import GraphIR
import Layers
import Settings
import TensorCore

/// What the shared suite asks of a layer's settings, shapes and words.
extension Checks {
  /// The settings are read back as they were written.
  static func roundTrip(_ sample: SampleCase) -> [String] {
    func open<L: Layer>(_ layer: L) -> [String] {
      var layer = layer
      // Whether a mask comes is no setting.
      if var masked = layer as? any MaskedLayer, masked.isMasked {
        masked.isMasked = false
        if let unmasked = masked as? L { layer = unmasked }
      }
      var problems = Problems()
      let again = layerRegistry.read(layer.typedJSON, at: "layer", &problems)
      if !problems.isEmpty { return [problems.description] }
      // Neither is what a fusion made of a layer.
      if layer is any FusableLayer, let again = again as? L, again.typedJSON == layer.typedJSON {
        return []
      }
      return again as? L == layer ? [] : ["reads back as \(String(describing: again))"]
    }
    return open(sample.layer)
  }

  /// A batch of another size changes the first axis of the outputs and nothing of the parameters.
  static func batches(_ sample: SampleCase) throws -> [String] {
    let batch = sample.batch()
    let one = try sample.layer.signature(for: sample.inputs, batch: batch)
    let two = try sample.layer.signature(
      for: sample.shapes(batchTimes: 2), batch: sample.batch(times: 2))
    let outputs = one.outputs.map { $0.rank == 0 ? $0 : $0.dropFirst.prepending(2 * $0[0]) }
    var complaints: [String] = []
    if sample.layer is any Loss, one.outputs != [[]] {
      complaints.append("a loss whose output is \(one.outputs)")
    }
    if two.outputs != outputs { complaints.append("outputs of twice the batch: \(two.outputs)") }
    for list in [\Signature.parameters, \Signature.states]
    where one[keyPath: list].map(\.shape) != two[keyPath: list].map(\.shape) {
      complaints.append("parameters depend on the batch")
    }
    for parameter in one.parameters + one.states {
      if let objection = parameter.initializer.objection(to: parameter.shape) {
        complaints.append("\(parameter.name) \(objection)")
      } else if parameter.initialValues(RandomStream(seed: 1, name: "x")).count
        != parameter.shape.count
      {
        complaints.append("\(parameter.name) begins with too few values")
      }
    }
    return complaints
  }

  /// Inputs of whole numbers are declared, with the first number that makes an output that is not a number.
  static func integers(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Double>(sample)
    return bench.inputs.indices.flatMap { index -> [String] in
      var declared: Int?
      if case .integers(let bound)? = bench.signature.values[index] { declared = bound }
      guard declared == sample.values[index].bound else {
        return ["input \(index) is of whole numbers below \(String(describing: declared))"]
      }
      guard let declared else { return [] }
      func isNumber(_ value: Int) -> Bool {
        let before = bench.inputs[index][0]
        defer { bench.inputs[index][0] = before }
        bench.inputs[index][0] = Double(value)
        let outputs = bench.run(Trial(runsBackward: false)).outputs
        return !outputs.contains { $0.contains(where: \.isNaN) }
      }
      return isNumber(declared - 1) && !isNumber(declared) && !isNumber(-1)
        ? [] : ["input \(index) does not take just the numbers below \(declared)"]
    }
  }

  /// No settings and no shapes trap, however large: they throw, or fit.
  static func hostility(_ sample: SampleCase) {
    let shapes: [[Shape]] = [
      [], [[]], [[1]], [[3, 1]], [[2, 3], [2, 3]], [[1, 1, 1]], [[2, 3, 2]], [[1, 1, 1, 1]],
      [[2, 1, 3, 1]], [[1 << 20, 1 << 20, 1 << 20]], [[1, 1 << 30, 1 << 30, 1]],
      [[1 << 30, 1 << 30], [1 << 30, 1 << 30]], [[1, 1, 1, 1, 1]], [[2], [2], [2]], [[2], []],
      [[1, 1 << 59]],
    ]
    func look(_ layer: any Layer) {
      for inputs in shapes + [sample.inputs] {
        _ = try? layer.signature(for: inputs, batch: inputs.first?.dimensions.first ?? 1)
          .multiplyAdds
      }
    }
    look(sample.layer)
    for number in [0, -1, 1, 7, 1_000_000_000_000, Int.max, Int.min] {
      for layer in variations(sample.layer.typedJSON, number) { look(layer) }
    }
  }

  /// The layers that come of putting a number in the place of each number of the settings.
  private static func variations(_ json: JSON, _ number: Int) -> [any Layer] {
    let members = json.members ?? []
    return members.indices.compactMap { index in
      var changed = members
      changed[index].value = replaced(members[index].value, number)
      var problems = Problems()
      return layerRegistry.read(JSON(.object(changed)), at: "layer", &problems)
    }
  }

  private static func replaced(_ json: JSON, _ number: Int) -> JSON {
    switch json.content {
    case .integer, .number: JSON(.integer(number))
    case .array(let elements): JSON(.array(elements.map { replaced($0, number) }))
    default: json
    }
  }
}
