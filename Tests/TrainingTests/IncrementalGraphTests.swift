import Compilation
import Foundation
import GraphIR
import Layers
import ModelSpec
import Settings
import TensorCore
import Testing

/// One step at a time gives what whole sequences give.
@Suite struct IncrementalGraphTests {
  struct Model: CustomTestStringConvertible {
    let testDescription: String
    let json: String
    /// The input that comes step by step.
    var stepped = "tokens"
  }

  static let models = [
    Model(
      testDescription: "gpt",
      json: """
        {"inputs": {"tokens": [12]}, "layers": [
          {"type": "embedding", "input_dim": 11, "output_dim": 8}, "position_embedding",
          {"type": "transformer_encoder", "repeat": 2, "num_heads": 2, "intermediate_dim": 16,
           "normalize_first": true, "use_causal_mask": true, "dropout": 0.2},
          "layer_normalization", {"type": "dense", "units": 11}]}
        """),
    Model(
      testDescription: "lstm and gru",
      json: """
        {"inputs": {"tokens": [9]}, "layers": [
          {"type": "embedding", "input_dim": 7, "output_dim": 5, "mask_zero": true},
          {"type": "lstm", "units": 6, "return_sequences": true},
          {"type": "gru", "units": 4, "return_sequences": true}, {"type": "dense", "units": 7}]}
        """),
    Model(
      testDescription: "causal convolutions",
      json: """
        {"inputs": {"tokens": [9]}, "layers": [
          {"type": "embedding", "input_dim": 7, "output_dim": 5, "mask_zero": true},
          {"type": "conv1d", "filters": 6, "kernel_size": 3, "dilation_rate": 2, "padding": "causal", "activation": "relu"},
          {"type": "conv1d", "filters": 4, "kernel_size": 2, "padding": "causal", "use_bias": false},
          {"type": "conv1d", "filters": 7, "kernel_size": 1}]}
        """),
    Model(
      testDescription: "recurrent translator",
      json: """
        {"inputs": {"source": [5], "tokens": [6]}, "layers": [
          {"type": "embedding", "name": "read", "inputs": ["source"], "input_dim": 7, "output_dim": 4, "mask_zero": true},
          {"type": "lstm", "name": "encoder", "units": 6, "return_state": true},
          {"type": "embedding", "name": "written", "inputs": ["tokens"], "input_dim": 9, "output_dim": 5},
          {"type": "lstm", "inputs": ["written", "encoder:1", "encoder:2"], "units": 6, "return_sequences": true},
          {"type": "dense", "units": 9}]}
        """),
    Model(
      testDescription: "recurrent translator with attention",
      json: """
        {"inputs": {"source": [5], "tokens": [6]}, "layers": [
          {"type": "embedding", "name": "read", "inputs": ["source"], "input_dim": 7, "output_dim": 4, "mask_zero": true},
          {"type": "bidirectional", "name": "encoder", "layer": {"type": "lstm", "units": 3, "return_sequences": true}},
          {"type": "dense", "name": "key", "units": 5},
          {"type": "embedding", "inputs": ["tokens"], "input_dim": 9, "output_dim": 5, "mask_zero": true},
          {"type": "lstm", "name": "decoder", "units": 5, "return_sequences": true},
          {"type": "attention", "name": "context", "inputs": ["decoder", "encoder", "key"], "scale": "sqrt_dim"},
          {"type": "concatenate", "inputs": ["decoder", "context"]},
          {"type": "dense", "units": 5}, "tanh", {"type": "dense", "units": 9}]}
        """),
    Model(
      testDescription: "recurrent translator with additive attention",
      json: """
        {"inputs": {"source": [5], "tokens": [6]}, "layers": [
          {"type": "embedding", "name": "read", "inputs": ["source"], "input_dim": 7, "output_dim": 4, "mask_zero": true},
          {"type": "bidirectional", "name": "encoder", "layer": {"type": "lstm", "units": 3, "return_sequences": true}},
          {"type": "dense", "name": "key", "units": 5},
          {"type": "embedding", "inputs": ["tokens"], "input_dim": 9, "output_dim": 5, "mask_zero": true},
          {"type": "lstm", "name": "decoder", "units": 5, "return_sequences": true},
          {"type": "additive_attention", "name": "context", "inputs": ["decoder", "encoder", "key"]},
          {"type": "concatenate", "inputs": ["decoder", "context"]},
          {"type": "dense", "units": 5}, "tanh", {"type": "dense", "units": 9}]}
        """),
    Model(
      testDescription: "transformer translator",
      json: """
        {"inputs": {"source": [5], "tokens": [6]}, "layers": [
          {"type": "embedding", "name": "read", "inputs": ["source"], "input_dim": 7, "output_dim": 8, "mask_zero": true},
          {"type": "sinusoidal_position_encoding", "scale_input": true},
          {"type": "transformer_encoder", "name": "encoder", "num_heads": 2, "intermediate_dim": 16},
          {"type": "embedding", "inputs": ["tokens"], "input_dim": 9, "output_dim": 8, "mask_zero": true},
          {"type": "sinusoidal_position_encoding", "name": "written", "scale_input": true},
          {"type": "transformer_decoder", "inputs": ["written", "encoder"], "num_heads": 2, "intermediate_dim": 16},
          {"type": "dense", "units": 9}]}
        """),
  ]

  @Test(arguments: models) func stepsGiveWhatTheWholeGives(_ model: Model) throws {
    let json = try JSONParser.parse(Array(model.json.utf8), file: "model.json")
    let network = try Networks(json).all[0]
    let (graph, batch) = (network.graph, 3)
    let shaped = try ShapedGraph(graph, batch: batch)
    let stepped = try #require(graph.inputs.firstIndex { $0.name == model.stepped })
    let incremental = try IncrementalGraph(
      shaped, stepping: [stepped], wanted: network.outputs)
    let crossing = incremental.feeds.compactMap { feed in
      if case .whole(let source) = feed { source } else { nil }
    }
    let plans = [
      try Plan.compile(graph, batch: batch, fetched: network.outputs + crossing),
      try Plan.compile(incremental.graph, batch: batch, fetched: incremental.sources),
    ]
    let store = try ParameterStore<Float>(for: plans)
    store.initialize(seed: 4)
    let context = StepContext(pool: WorkerPool(threads: 1), seed: 1)
    let sessions = plans.map {
      Session($0, store: store, arena: Arena(count: $0.arenaCount), context: context)
    }
    for (index, input) in graph.inputs.enumerated() {
      let view = try #require(sessions[0].value(.input(index)))
      let random = RandomStream(seed: 9, name: input.name)
      // Sources have padding behind.
      for place in 0..<view.count {
        let isPadding = index != stepped && place % input.shape.count > 2
        view[place] = isPadding ? 0 : Float(1 + Int(random.uniform(place) * 6))
      }
    }
    // A run may use the memory of its inputs again.
    let tokens = try #require(sessions[0].value(.input(stepped))).elements
    sessions[0].forward()
    let whole = try #require(sessions[0].value(network.outputs[0]))
    for (index, feed) in incremental.feeds.enumerated() {
      guard case .whole(let source) = feed, let from = sessions[0].value(source) else { continue }
      try #require(sessions[1].value(.input(index))).copy(from: from.base)
    }
    let (steps, scores) = (whole.shape[1], whole.shape[2])
    for step in 0..<steps {
      for (index, feed) in incremental.feeds.enumerated() {
        guard case .step = feed, let view = sessions[1].value(.input(index)) else { continue }
        for row in 0..<batch { view[row] = tokens[row * steps + step] }
      }
      sessions[1].forward()
      let next = try #require(sessions[1].value(incremental.sources[0]))
      for row in 0..<batch {
        for score in 0..<scores {
          let expected = whole[(row * steps + step) * scores + score]
          #expect(abs(next[row * scores + score] - expected) < 1e-5)
        }
      }
    }
  }

  @Test func whatLooksAheadIsRefused() throws {
    let texts = [
      #"{"type": "bidirectional", "inputs": ["x"], "layer": {"type": "gru", "units": 3, "return_sequences": true}}"#,
      #"{"type": "transformer_encoder", "inputs": ["x"], "num_heads": 1, "intermediate_dim": 4}"#,
      #"{"type": "lstm", "inputs": ["x"], "units": 3}"#,
      #"{"type": "attention", "inputs": ["x", "x"], "use_causal_mask": true}"#,
      #"{"type": "additive_attention", "inputs": ["x", "x"]}"#,
      #"{"type": "conv1d", "inputs": ["x"], "filters": 3, "kernel_size": 2, "padding": "same"}"#,
      #"{"type": "conv1d", "inputs": ["x"], "filters": 3, "kernel_size": 2}"#,
      #"{"type": "conv1d", "inputs": ["x"], "filters": 3, "kernel_size": 2, "padding": "causal", "strides": 2}"#,
      #"{"type": "attention", "inputs": ["x", "y"], "use_causal_mask": true}"#,
      #"{"type": "multi_head_attention", "num_heads": 1, "inputs": ["x", "y"], "use_causal_mask": true}"#,
    ]
    for text in texts {
      let json = try JSONParser.parse(
        Array("{\"inputs\": {\"x\": [4, 2], \"y\": [3, 2]}, \"layers\": [\(text)]}".utf8),
        file: "model.json")
      let network = try Networks(json).all[0]
      let shaped = try ShapedGraph(network.graph, batch: 1)
      let stepped = try #require(network.graph.inputs.firstIndex { $0.name == "x" })
      let problems = #expect(throws: Problems.self) {
        try IncrementalGraph(shaped, stepping: [stepped], wanted: network.outputs)
      }
      #expect(problems?.description.contains("cannot be run step by step") == true)
    }
  }
}
