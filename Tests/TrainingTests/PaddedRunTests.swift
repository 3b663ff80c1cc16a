import Settings
import Testing
import Training

/// Padding never leaks: however long it is, a network trains to the same bits.
@Suite struct PaddedRunTests {
  struct Model: CustomTestStringConvertible {
    let testDescription: String
    let layers: String
    let target: String
  }

  private static let words =
    #"{"type": "embedding", "name": "words", "inputs": ["tokens"], "input_dim": 9, "output_dim": 16, "mask_zero": true}"#

  static let models = [
    Model(
      testDescription: "windows",
      layers: """
        \(words),
        {"type": "position_embedding", "sequence_length": 64},
        {"type": "dense", "units": 16, "activation": "relu"},
        {"type": "conv1d", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "causal"},
        "layer_normalization",
        {"type": "max_pooling1d", "pool_size": 2, "strides": 1},
        {"type": "time_distributed", "layer": {"type": "dense", "units": 8}},
        {"type": "bidirectional", "layer": {"type": "lstm", "units": 8, "return_sequences": true}},
        {"type": "average_pooling1d", "pool_size": 3, "strides": 1, "padding": "same"},
        {"type": "permute", "dims": [1, 2]},
        "global_average_pooling1d", {"type": "dense", "name": "logits", "units": 2}
        """, target: "label"),
    Model(
      testDescription: "tagger",
      layers: """
        \(words),
        {"type": "position_embedding", "sequence_length": 64},
        {"type": "transformer_encoder", "num_heads": 2, "intermediate_dim": 512, "activation": "gelu"},
        {"type": "conv1d", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "tanh"},
        {"type": "tied_dense", "name": "logits", "units": 9, "use_bias": true,
         "parameters_of": "words"}
        """, target: "tokens"),
    Model(
      testDescription: "translator",
      layers: """
        \(words),
        {"type": "sinusoidal_position_encoding", "scale_input": true},
        {"type": "transformer_encoder", "name": "encoder", "num_heads": 2, "intermediate_dim": 32},
        {"type": "embedding", "name": "written", "inputs": ["tokens"], "input_dim": 9,
         "output_dim": 16, "mask_zero": true},
        {"type": "transformer_decoder", "inputs": ["written", "encoder"], "num_heads": 2,
         "intermediate_dim": 32, "normalize_first": true},
        {"type": "dense", "name": "logits", "units": 9}
        """, target: "tokens"),
    Model(
      testDescription: "class token",
      layers: """
        \(words),
        "class_token",
        {"type": "position_embedding", "sequence_length": 64},
        {"type": "transformer_encoder", "num_heads": 2, "intermediate_dim": 32},
        {"type": "select", "axis": 1, "index": 0}, {"type": "dense", "name": "logits", "units": 2}
        """, target: "label"),
    Model(
      testDescription: "last step",
      layers: """
        \(words),
        {"type": "conv1d", "filters": 16, "kernel_size": 3, "padding": "causal"},
        {"type": "select", "axis": 1, "index": -1}, {"type": "dense", "name": "logits", "units": 2}
        """, target: "label"),
    Model(
      testDescription: "joined sequences",
      layers: """
        \(words),
        {"type": "dense", "name": "others", "units": 16, "activation": "tanh"},
        {"type": "concatenate", "axis": 1, "inputs": ["words", "others"]},
        "global_average_pooling1d", {"type": "dense", "name": "logits", "units": 2}
        """, target: "label"),
  ]

  @Test(arguments: models) func longerPaddingTrainsToTheSameBits(_ model: Model) throws {
    func run(length: Int) throws -> (snapshot: [String: [Float]], losses: [Double]) {
      let folder = try TemporaryFolder()
      let names = (0..<length).map { "t\($0)" }
      let lines = (0..<48).map { row in
        let steps = 1 + row * 5 % 12
        let tokens = (0..<length).map { $0 < steps ? 1 + (row * 7 + $0 * 3) % 8 : 0 }
        return (tokens + [row % 2]).map(String.init).joined(separator: ",")
      }
      try folder.write(
        "tokens.csv",
        ([(names + ["kind"]).joined(separator: ",")] + lines).joined(separator: "\n") + "\n")
      let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
      let record = Record()
      let trainer = try makeTrainer(
        """
        {"seed": 1,
         "data": {"train": {"type": "csv", "path": "tokens.csv", "features": [\(list)],
           "features_field": "tokens", "label": "kind"}},
         "model": {"inputs": {"tokens": [\(length)]}, "layers": [\(model.layers)]},
         "training": {"epochs": 2, "batch_size": 16, "optimizer": "adam",
           "loss": {"type": "softmax_cross_entropy", "prediction": "logits",
                    "target": "\(model.target)"}}}
        """, in: folder, threads: 2, observer: record)
      try trainer.run()
      return (trainer.snapshot, record.steps.flatMap { $0.losses.map(\.value) })
    }
    let (short, long) = (try run(length: 12), try run(length: 49))
    #expect(short.losses == long.losses)
    #expect(short.losses.count == 6)
    for (name, values) in short.snapshot {
      #expect(long.snapshot[name] == values, "\(name)")
    }
  }

  /// What would mix padding with steps is refused, at its place.
  @Test(arguments: [
    #"{"type": "permute", "dims": [2, 1]}"#, #""flatten""#,
    #"{"type": "time_distributed", "layer": "batch_normalization"}"#,
    #"{"type": "max_pooling1d", "pool_size": 3, "strides": 2, "padding": "same"}"#,
    #"{"type": "average_pooling1d", "pool_size": 3, "strides": 1, "padding": "replicate"}"#,
  ])
  func whatMixesPaddingIsRefused(layer: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("tokens.csv", "a,b,c,kind\n1,2,0,0\n1,0,0,1\n")
    let problems = #expect(throws: Problems.self) {
      try makeTrainer(
        """
        {"data": {"train": {"type": "csv", "path": "tokens.csv", "features": ["a", "b", "c"],
           "features_field": "tokens", "label": "kind"}},
         "model": {"inputs": {"tokens": [3]}, "layers": [
           {"type": "embedding", "input_dim": 9, "output_dim": 4, "mask_zero": true},
           \(layer), {"type": "global_max_pooling1d"},
           {"type": "dense", "name": "logits", "units": 2}]},
         "training": {"batch_size": 2, "optimizer": "adam",
           "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
        """, in: folder)
    }
    #expect(problems?.list.first?.message.contains("padding") == true)
  }
}
