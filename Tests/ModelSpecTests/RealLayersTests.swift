import GraphIR
import Layers
import ModelSpec
import Settings
import Testing

/// What the spec takes for granted of the layers there are.
@Suite struct RealLayersTests {
  @Test func aConvolutionalNetwork() throws {
    let networks = try Networks(
      json(
        #"""
        {"inputs": {"image": [28, 28, 1]}, "layers": [
          {"type": "conv2d", "filters": 32, "kernel_size": 3, "activation": "relu"},
          {"type": "max_pooling2d"}, "flatten",
          {"type": "dense", "name": "logits", "units": 10, "kernel_initializer": "he_normal"}]}
        """#))
    #expect(
      text(try #require(networks.graph(of: "model"))) == [
        "conv2d_1 = conv2d(image)", "conv2d_1/relu = relu(conv2d_1)",
        "max_pooling2d_1 = max_pooling2d(conv2d_1/relu)", "flatten_1 = flatten(max_pooling2d_1)",
        "logits = dense(flatten_1)",
      ])
  }

  @Test(arguments: layerRegistry.types)
  func noLayerHasAKeyThatAllHave(type: String) throws {
    func names<V: Variant>(_ variant: V.Type) -> [String] { V.fields.map(\.name) }
    let layer = try #require(layerTypes.first { $0.type == type })
    let own = names(layer)
    // A layer may mean something of its own by "activation".
    let common = ["type"] + LayerEntry.fields.map(\.name).filter { $0 != "activation" }
    #expect(own.filter(common.contains).isEmpty)
    #expect(type != NetworkUse.type)
  }

  @Test(arguments: layerRegistry.types)
  func aLayerWithoutInputsIsToldByItsShapeRule(type: String) throws {
    func open<L: Layer>(_ layer: L.Type) -> [(readsNothing: Bool, inputs: Int)] {
      L.samples.map { sample in
        ((try? sample.layer.signature(for: [], batch: 1)) != nil, sample.inputs.count)
      }
    }
    let layer = try #require(layerTypes.first { $0.type == type })
    for sample in open(layer) { #expect(sample.readsNothing == (sample.inputs == 0)) }
  }

  @Test func theSchemaDefinesAllItRefersTo() {
    let schema = ModelSchema.document()
    func references(_ json: JSON) -> [String] {
      let here = json["$ref"]?.string.map { [$0] } ?? []
      return here + (json.elements ?? json.members?.map(\.value) ?? []).flatMap(references)
    }
    for reference in Set(references(schema)) {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      #expect(schema["definitions"]?[name] != nil, "\(reference)")
    }
  }
}
