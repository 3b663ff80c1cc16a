import GraphIR
import ModelSpec
import Testing

@Suite struct BlocksTests {
  func model(_ layers: String, _ blocks: String) -> String {
    #"{"inputs": {"x": [4]}, "layers": [\#(layers)], "blocks": {\#(blocks)}}"#
  }

  static let residual = #"""
    "residual": {"parameters": {"width": null, "bias": true}, "layers": [
      {"type": "dense", "units": "${width}", "use_bias": "${bias}", "activation": "relu"},
      {"type": "add", "name": "sum_${width}", "inputs": ["dense_1", "input"]}]}
    """#

  @Test func aBlockExpandsWithItsParameters() throws {
    let networks = try networks(
      model(
        #"""
        {"type": "residual", "width": 3}, {"type": "residual", "width": 5, "bias": false}, "relu"
        """#, Self.residual))
    let graph = try #require(networks.graph(of: "model"))
    #expect(
      text(graph) == [
        "residual_1/dense_1 = dense(x)", "residual_1/dense_1/relu = relu(residual_1/dense_1)",
        "residual_1/sum_3 = add(residual_1/dense_1/relu, x)",
        "residual_2/dense_1 = dense(residual_1/sum_3)",
        "residual_2/dense_1/relu = relu(residual_2/dense_1)",
        "residual_2/sum_5 = add(residual_2/dense_1/relu, residual_1/sum_3)",
        "relu_1 = relu(residual_2/sum_5)",
      ])
    #expect((graph.nodes[3].layer as? ToyDense) == ToyDense(units: 5, usesBias: false))
    #expect(graph.nodes[0].path == "blocks.residual.layers[0]")
    #expect(source("residual_1", in: graph) == "residual_1/sum_3")
  }

  @Test func blocksRepeatNestShareAndHaveActivations() throws {
    let networks = try networks(
      model(
        #"""
        {"type": "stage", "name": "s", "depth": 2, "repeat": 2, "activation": "relu"},
        {"type": "stage", "depth": 1, "parameters_of": "s_1", "inputs": "x"}
        """#,
        #"""
        "stage": {"parameters": {"depth": null}, "layers": [{"type": "unit", "repeat": "${depth}"}]},
        "unit": {"layers": [{"type": "dense", "units": 1}]}
        """#))
    #expect(
      text(try #require(networks.graph(of: "model"))) == [
        "s_1/unit_1/dense_1 = dense(x)", "s_1/unit_2/dense_1 = dense(s_1/unit_1/dense_1)",
        "s_1/relu = relu(s_1/unit_2/dense_1)", "s_2/unit_1/dense_1 = dense(s_1/relu)",
        "s_2/unit_2/dense_1 = dense(s_2/unit_1/dense_1)", "s_2/relu = relu(s_2/unit_2/dense_1)",
        "stage_1/unit_1/dense_1 = dense(x) @ s_1/unit_1/dense_1",
      ])
  }

  @Test func aBlockHasSeveralInputsAndOutputs() throws {
    let networks = try networks(
      model(
        #"""
        {"type": "swap", "inputs": ["x", "x"]}, {"type": "add", "inputs": ["swap_1:1", "swap_1"]}
        """#,
        #"""
        "swap": {"inputs": ["a", "b"], "outputs": ["two", "one"], "layers": [
          {"type": "relu", "name": "one", "inputs": "a"}, {"type": "relu", "name": "two", "inputs": "b"}]}
        """#))
    #expect(
      text(try #require(networks.graph(of: "model"))).last
        == "add_1 = add(swap_1/one, swap_1/two)")
  }

  @Test(arguments: [
    (
      #"{"type": "residual"}"#, residual,
      [#"model.json:1:35: layers[0]: "width" is missing: a parameter of the block "residual""#]
    ),
    (
      #"{"type": "residual", "width": 1, "widht": 2}"#, residual,
      [#"model.json:1:68: layers[0].widht: unknown key (did you mean "width"?)"#]
    ),
    (
      #"{"type": "residal", "width": 1}"#, residual,
      [
        #"model.json:1:44: layers[0].type: unknown layer "residal" (did you mean "residual"?)"#
      ]
    ),
    (
      #"{"type": "residual", "width": -3, "repeat": 5}"#, residual,
      [
        #"model.json:1:65: blocks.residual.layers[0].units: expected an integer, at least 1, got -3"#
      ]
    ),
    (
      #""a""#, #""a": {"layers": ["${b}"]}"#,
      [
        #"model.json:1:69: blocks.a.layers[0]: the block "a" has no parameter "b""#
      ]
    ),
    (
      #""a""#, #""a": {"layers": ["b"]}, "b": {"layers": [{"type": "a"}]}"#,
      [
        #"model.json:1:93: blocks.b.layers[0]: the block "a" would be within itself: block a -> block b -> block a"#
      ]
    ),
    (
      #"{"type": "a", "inputs": ["x", "x"]}"#, #""a": {"layers": ["relu"]}"#,
      [#"model.json:1:59: layers[0].inputs: the block "a" reads 1 (input), got 2"#]
    ),
    (
      #""a""#, #""a": {"layers": ["relu"], "outputs": "rleu_1"}"#,
      [
        #"blocks.a.layers: the block "a" has no "rleu_1" before this layer (did you mean "relu_1"?)"#
      ]
    ),
    (
      #""relu""#, #""dense": {"layers": ["relu"]}"#,
      [
        #"model.json:1:55: blocks.dense: "dense" is already a type of layer; give the block another name"#
      ]
    ),
    (
      #""relu""#, #""a": {"parameters": {"name": 1}, "layers": ["relu"]}"#,
      [
        #"model.json:1:60: blocks.a: "name" cannot be a parameter: it is a key that every layer has"#
      ]
    ),
  ])
  func mistakes(layers: String, blocks: String, expected: [String]) {
    #expect(messages(model(layers, blocks)) == expected)
  }

  @Test(arguments: [
    ("4 * w", 24), ("w/2+1", 4), ("2*(w - 1)", 10), ("w - 1 - 1", 4), ("-(-w)", 6), ("12", 12),
    ("w * w / 4", 9), ("1 + 2 * 3", 7),
  ])
  func sumsOfParameters(_ sum: String, _ expected: Int) throws {
    let block =
      #""a": {"parameters": {"w": null}, "layers": [{"type": "dense", "units": "${\#(sum)}"}]}"#
    let networks = try networks(model(#"{"type": "a", "w": 6}"#, block))
    let layer = try #require(networks.graph(of: "model")?.nodes.first?.layer as? ToyDense)
    #expect(layer.units == expected)
  }

  @Test(arguments: [
    ("w / 4", "6 / 4 is no integer"), ("w / 0", "6 / 0 is no integer"),
    ("w +", "it ends too early"), ("(w", "it ends too early"),
    ("w)", "\")\" is not expected there"),
    ("2 * v", "there is no parameter \"v\""), ("1.5 * w", "\"1.5\" is no integer"),
    ("s * 2", "\"s\" is \"x\", no integer"), ("w * 9007199254740992", "the result is beyond 2^53"),
    ("9223372036854775807 + 1", "the result is beyond 2^53"),
    (String(repeating: "(", count: 300), "more than 256 characters"),
  ])
  func wrongSums(_ sum: String, _ expected: String) {
    let block =
      #""a": {"parameters": {"w": 6, "s": "x"}, "layers": [{"type": "dense", "units": "${\#(sum)}"}]}"#
    let found = messages(model(#""a""#, block))
    #expect(found.count == 1)
    #expect(found[0].hasSuffix("blocks.a.layers[0].units: \"${\(sum)}\": \(expected)"), "\(found)")
  }

  @Test func manyCopiesAreRefusedAtOnce() {
    let doubling = (0..<40).map { #""b\#($0)": {"layers": ["b\#($0 + 1)", "b\#($0 + 1)"]}"# }
    let bomb = model(#""b0""#, doubling.joined(separator: ", ") + #", "b40": {"layers": ["relu"]}"#)
    #expect(messages(bomb).count == 1)
    #expect(messages(bomb)[0].contains("more than 100000 layers"))
    #expect(
      messages(model(#"{"type": "relu", "repeat": 1000000000}"#, "")) == [
        "model.json:1:35: layers: more than 100000 layers"
      ])
  }
}
