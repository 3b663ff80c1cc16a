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

  @Test func aLanguageModelWhoseHeadSharesTheTable() throws {
    let networks = try Networks(
      json(
        #"""
        {"inputs": {"tokens": [8]}, "layers": [
          {"type": "embedding", "name": "words", "input_dim": 9, "output_dim": 4},
          {"type": "transformer_encoder", "name": "block", "repeat": 2, "num_heads": 2,
           "intermediate_dim": 8, "normalize_first": true, "use_causal_mask": true},
          {"type": "tied_dense", "units": 9, "parameters_of": "words"}]}
        """#))
    let lines = text(try #require(networks.graph(of: "model")))
    #expect(lines.count == 14)
    #expect(
      lines[7...] == [
        "block_2/attention_norm = layer_normalization(block_1/feed_forward_sum)",
        "block_2/attention = multi_head_attention(block_2/attention_norm)",
        "block_2/attention_sum = add(block_2/attention, block_1/feed_forward_sum)",
        "block_2/feed_forward_norm = layer_normalization(block_2/attention_sum)",
        "block_2/feed_forward = feed_forward(block_2/feed_forward_norm)",
        "block_2/feed_forward_sum = add(block_2/feed_forward, block_2/attention_sum)",
        "tied_dense_1 = tied_dense(block_2/feed_forward_sum) @ words",
      ])
  }

  @Test func aConvnetOnEveryImageOfASequence() throws {
    let networks = try Networks(
      json(
        #"""
        {"inputs": {"images": [5, 8, 8, 1]}, "blocks": {"convnet": {"layers": [
          {"type": "conv2d", "filters": 4, "kernel_size": 3}, "global_average_pooling2d"]}},
         "layers": [
          {"type": "time_distributed", "name": "see", "layer": "convnet"},
          {"type": "time_distributed", "layer": {"type": "dense", "name": "map", "units": 3}}]}
        """#))
    let graph = try #require(networks.graph(of: "model"))
    #expect(
      text(graph) == [
        "see/merge = merge_time(images)", "see/layer/conv2d_1 = conv2d(see/merge)",
        "see/layer/global_average_pooling2d_1 = global_average_pooling2d(see/layer/conv2d_1)",
        "see/split = split_time(see/layer/global_average_pooling2d_1, images)",
        "time_distributed_1/merge = merge_time(see/split)",
        "time_distributed_1/map = dense(time_distributed_1/merge)",
        "time_distributed_1/split = split_time(time_distributed_1/map, see/split)",
      ])
  }

  @Test func aDecoderReadsAnEncoder() throws {
    let networks = try Networks(
      json(
        #"""
        {"inputs": {"x": [8, 4], "z": [6, 4]}, "layers": [
          {"type": "transformer_decoder", "name": "d", "num_heads": 2, "intermediate_dim": 8,
           "dropout": 0.1, "inputs": ["x", "z"]}]}
        """#))
    #expect(
      text(try #require(networks.graph(of: "model"))).prefix(6) == [
        "d/self_attention = multi_head_attention(x)",
        "d/self_attention_dropout = dropout(d/self_attention)",
        "d/self_attention_sum = add(d/self_attention_dropout, x)",
        "d/self_attention_norm = layer_normalization(d/self_attention_sum)",
        "d/cross_attention = multi_head_attention(d/self_attention_norm, z)",
        "d/cross_attention_dropout = dropout(d/cross_attention)",
      ])
  }

  @Test func mistakesInABuiltInBlockNameItsUse() throws {
    let text = #"""
      {"inputs": {"x": [8, 4]}, "layers": [
        {"type": "transformer_encoder", "num_heads": 2},
        {"type": "dense", "name": "d", "units": 3, "inputs": "x"},
        {"type": "tied_dense", "units": 9, "parameters_of": "d", "inputs": "x"}]}
      """#
    do {
      _ = try Networks(json(text))
      Issue.record("no mistake was found")
    } catch let problems as Problems {
      let lines = problems.description.split(separator: "\n")
      try #require(lines.count == 2, "\(problems)")
      #expect(lines[0].contains("2:") && lines[0].contains(#""intermediate_dim" is missing"#))
      #expect(lines[1].contains(#""d" is a dense, whose parameters a tied_dense cannot use"#))
    }
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
