import Foundation
import GraphIR
import Layers
import Settings
import TensorCore
import Testing

/// A layer in `Double` against PyTorch: Fixtures/layers.json, which scripts/reference/make_layer_references.py writes.
@Suite struct ReferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let json: JSON
    var testDescription: String { json["name"]?.string ?? "?" }
  }

  static let cases: [Case] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appending(path: "Fixtures/layers.json")
    guard let bytes = try? Data(contentsOf: path),
      let json = try? JSONParser.parse(Array(bytes), file: path.path)
    else { return [] }
    return (json.elements ?? []).map(Case.init)
  }()

  @Test func thereAreReferences() { #expect(Self.cases.count >= 18) }

  @Test(arguments: cases) func agreesWithPyTorch(_ reference: Case) throws {
    let json = reference.json
    var problems = Problems()
    let settings = try #require(json["layer"])
    let read = layerRegistry.read(settings, at: "layer", &problems)
    let layer = try #require(read, "\(problems)")
    func tensors(_ key: String) throws -> [Guarded<Double>?] {
      try #require(json[key]?.elements).map(self.tensor)
    }
    let inputs = try tensors("inputs").compactMap(\.self)
    let parameters = try tensors("parameters").compactMap(\.self)
    let states = try tensors("states").compactMap(\.self)
    func tensor(_ key: String) throws -> Guarded<Double> {
      let value = try #require(json[key])
      return try #require(try self.tensor(value))
    }
    let output = try tensor("output")
    let outputGradient = try tensor("output_gradient")
    let signature = try layer.signature(
      for: inputs.map(\.view.shape), batch: inputs[0].view.shape[0])
    #expect(signature.outputs == [output.view.shape])
    #expect(signature.parameters.map(\.shape) == parameters.map(\.view.shape))

    let context = StepContext(pool: WorkerPool(threads: 1), seed: 1)
    context.isTraining = json["training"] == true
    let computed = Guarded<Double>(output.view.shape)
    let saved = signature.saved.map { Guarded<Double>($0) }
    let scratch = signature.forwardScratch.map { Guarded<Double>($0) }
    let backwardScratch = signature.backwardScratch.map { Guarded<Double>($0) }
    let expected = try tensors("gradients")
    let gradients = expected.map { $0.map { Guarded<Double>($0.view.shape) } }
    let targets = gradients.map { $0.map { Gradient($0.view, accumulates: false) } }
    var pass = Pass(
      inputs: inputs.map(\.view), outputs: [computed.view], parameters: parameters.map(\.view),
      states: states.map(\.view), saved: saved.map(\.view), scratch: scratch.map(\.view),
      outputGradients: [outputGradient.view],
      inputGradients: Array(targets.prefix(inputs.count)),
      parameterGradients: Array(targets.dropFirst(inputs.count)), context: context, stream: 1)
    layer.forward(pass)
    pass.scratch = backwardScratch.map(\.view)
    layer.backward(pass)
    // Looked at last, which also keeps the memory of the pass alive until here.
    let buffers =
      inputs + parameters + states + saved + scratch + backwardScratch + [computed, outputGradient]
      + gradients.compactMap(\.self)
    let areIntact = buffers.allSatisfy(\.isIntact)
    #expect(areIntact)

    expectEqual(computed, output, "output")
    for (index, state) in try tensors("new_states").enumerated() {
      expectEqual(states[index], try #require(state), "state \(index)")
    }
    for (index, gradient) in expected.enumerated() {
      if let gradient, let got = gradients[index] {
        expectEqual(got, gradient, "gradient \(index)")
      }
    }
  }

  private func tensor(_ json: JSON) throws -> Guarded<Double>? {
    if json == JSON(.null) { return nil }
    var problems = Problems()
    let (shape, values) = (try #require(json["shape"]), try #require(json["values"]))
    let dimensions = [Int].read(shape, at: "", &problems) ?? []
    return Guarded(Shape(dimensions), [Double].read(values, at: "", &problems) ?? [])
  }

  private func expectEqual(_ got: Guarded<Double>, _ expected: Guarded<Double>, _ what: String) {
    #expect(Checks.mismatch(got.view.elements, expected.view.elements, 1e-11, what) == [])
  }
}
