import GraphIR
import ModelSpec
import Settings
import Testing

@Suite struct NetworksTests {
  func graph(_ layers: String) throws -> Graph {
    try #require(try networks(network(layers)).graph(of: "model"))
  }

  @Test func layersReadTheOneBeforeAndAreNumberedByType() throws {
    let graph = try graph(#"{"type": "dense", "units": 3}, "relu", {"type": "dense", "units": 1}"#)
    #expect(
      text(graph) == ["dense_1 = dense(x)", "relu_1 = relu(dense_1)", "dense_2 = dense(relu_1)"])
    #expect(graph.inputs.map(\.shape) == [[4]])
    #expect(graph.nodes[2].path == "layers[2]")
    #expect(graph.nodes[1].place?.column == 66)
    #expect((graph.nodes[0].layer as? ToyDense)?.units == 3)
  }

  @Test func whatItIsAboutMayBeSaid() throws {
    let one = try networks(
      #"{"description": "A line.", "inputs": {"x": [4]}, "layers": [{"type": "dense", "units": 1}]}"#
    )
    #expect(one.all.map(\.name) == ["model"])
    let several = try networks(
      #"""
      {"description": "Two of them.",
       "blocks": {"pair": {"description": "Dense, twice.", "layers": [{"type": "dense", "units": 2, "repeat": 2}]}},
       "networks": {"a": {"description": "The first.", "inputs": {"x": [4]}, "layers": ["pair"]},
                    "b": {"inputs": {"x": [4]}, "layers": ["pair"]}}}
      """#)
    #expect(several.names == ["a", "b"])
    let problems = #expect(throws: Problems.self) {
      try networks(
        #"{"description": 3, "inputs": {"x": [4]}, "layers": [{"type": "dense", "units": 1}]}"#)
    }
    #expect(problems?.list.map(\.path) == ["description"])
  }

  @Test func inputsAreNamedWithTheNumberOfAnOutput() throws {
    let graph = try graph(
      #"""
      {"type": "lstm", "name": "a", "units": 1}, {"type": "add", "inputs": ["a:1", "x", "a"]},
      {"type": "relu", "inputs": "a:0"}
      """#)
    #expect(
      text(graph) == ["a = lstm(x)", "add_1 = add(a:1, x, a)", "relu_1 = relu(a)"])
  }

  @Test func anActivationStandsForItsLayer() throws {
    let graph = try graph(
      #"""
      {"type": "dense", "name": "a", "units": 1, "activation": "relu"},
      {"type": "dense", "units": 1, "activation": {"type": "leaky_relu", "slope": 0.1}},
      {"type": "lstm", "units": 2, "activation": "relu"},
      {"type": "add", "inputs": ["a", "dense_1"], "activation": null}
      """#)
    #expect(
      text(graph) == [
        "a = dense(x)", "a/relu = relu(a)", "dense_1 = dense(a/relu)",
        "dense_1/leaky_relu = leaky_relu(dense_1)", "lstm_1 = lstm(dense_1/leaky_relu)",
        "add_1 = add(a/relu, dense_1/leaky_relu)",
      ])
    #expect((graph.nodes[3].layer as? ToyLeakyRelu)?.slope == 0.1)
    #expect((graph.nodes[4].layer as? ToyLSTM)?.activation == "relu")
    #expect(source("a", in: graph) == "a/relu")
  }

  @Test func repeatedLayersReadEachOther() throws {
    let graph = try graph(
      #"""
      {"type": "dense", "units": 1, "repeat": 2, "activation": "relu"},
      {"type": "add", "name": "sum", "inputs": ["dense_2", "x"], "repeat": 2},
      {"type": "relu", "inputs": ["sum"]}, "random_normal"
      """#)
    #expect(
      text(graph) == [
        "dense_1 = dense(x)", "dense_1/relu = relu(dense_1)", "dense_2 = dense(dense_1/relu)",
        "dense_2/relu = relu(dense_2)", "sum_1 = add(dense_2/relu, x)", "sum_2 = add(sum_1, x)",
        "relu_1 = relu(sum_2)", "random_normal_1 = random_normal()",
      ])
  }

  @Test func numbersAreNotTakenTwice() throws {
    let graph = try graph(
      #"{"type": "relu", "name": "relu_2"}, "relu", "relu", {"type": "relu", "inputs": "relu_2"}"#)
    #expect(graph.nodes.map(\.name) == ["relu_2", "relu_1", "relu_3", "relu_4"])
  }

  @Test func parametersAreShared() throws {
    let graph = try graph(
      #"""
      {"type": "dense", "units": 4}, {"type": "dense", "units": 4, "parameters_of": "dense_1"}
      """#)
    #expect(text(graph)[1] == "dense_2 = dense(dense_1) @ dense_1")
  }

  @Test func outputsAreTheLastLayerOrThoseNamed() throws {
    let last = try networks(network(#""relu", "relu""#))
    #expect(last["model"]?.outputs == [.node(1, output: 0)])
    let named = try networks(
      #"{"inputs": {"x": [4]}, "layers": ["relu", "relu"], "outputs": ["relu_2", "relu_1", "x"]}"#)
    #expect(named["model"]?.outputs == [.node(1, output: 0), .node(0, output: 0), .input(0)])
    #expect(named["model"]?.outputNames == ["relu_2", "relu_1", "x"])
    #expect(last["model"]?.outputNames == ["relu_2"])
  }

  @Test func networksKeepTheirOrderAndPrefixTheirParameters() throws {
    let networks = try networks(
      #"""
      {"networks": {
        "generator": {"inputs": {"b": [2], "a": [3]}, "layers": [{"type": "add", "inputs": ["a", "b"]}]},
        "critic": {"inputs": {"x": []}, "layers": [{"type": "dense", "units": 1}]}}}
      """#)
    #expect(networks.names == ["generator", "critic"])
    #expect(networks["generator"]?.graph.inputs.map(\.name) == ["b", "a"])
    let critic = try #require(networks.graph(of: "critic"))
    #expect(text(critic) == ["dense_1 = dense(x) @ critic/dense_1"])
    #expect(critic.nodes[0].path == "networks.critic.layers[0]")
  }

  @Test func aNetworkInANetworkSharesItsParameters() throws {
    let networks = try networks(
      #"""
      {"networks": {
        "encoder": {"inputs": {"x": [4]}, "layers": [{"type": "dense", "name": "code", "units": 2}]},
        "twins": {"inputs": {"left": [4], "right": [4]}, "layers": [
          {"type": "network", "network": "encoder", "name": "one", "inputs": ["left"]},
          {"type": "network", "network": "encoder", "inputs": "right", "activation": "relu"},
          {"type": "add", "inputs": ["one", "network_1", "one/code"]}]}}}
      """#)
    #expect(
      text(try #require(networks.graph(of: "twins"))) == [
        "one/code = dense(left) @ encoder/code", "network_1/code = dense(right) @ encoder/code",
        "network_1/relu = relu(network_1/code) @ twins/network_1/relu",
        "add_1 = add(one/code, network_1/relu, one/code) @ twins/add_1",
      ])
  }

  @Test func anObjectiveReadsTheFieldsOfTheBatch() throws {
    let networks = try networks(
      #"""
      {"networks": {
        "generator": {"inputs": {"z": [4]}, "layers": [{"type": "dense", "units": 2}]},
        "critic": {"inputs": {"x": [2]}, "layers": [{"type": "dense", "units": 1}]}}}
      """#)
    let graph = try networks.graph(
      layers: json(
        #"""
        [{"name": "noise", "type": "random_normal"},
         {"name": "fake", "type": "network", "network": "generator"},
         {"name": "score", "type": "network", "network": "critic", "inputs": ["fake"]},
         {"name": "real", "type": "network", "network": "critic", "inputs": ["image"]},
         {"name": "gap", "type": "dense", "units": 1, "inputs": ["score"]}]
        """#), at: "objectives[0].layers", owner: "the objective \"generator\"",
      inputs: [Graph.Input("image", [2]), Graph.Input("label", [])], prefix: "loss/")
    #expect(
      text(graph) == [
        "loss/noise = random_normal()",
        "loss/fake/dense_1 = dense(loss/noise) @ generator/dense_1",
        "loss/score/dense_1 = dense(loss/fake/dense_1) @ critic/dense_1",
        "loss/real/dense_1 = dense(image) @ critic/dense_1",
        "loss/gap = dense(loss/score/dense_1)",
      ])
    #expect(source("loss/score", in: graph) == "loss/score/dense_1")
    #expect(graph.inputs.map(\.name) == ["image", "label"])
    #expect(graph.nodes[4].path == "objectives[0].layers[4]")
    // A second objective reads the values of the first by their full names.
    let next = try networks.graph(
      layers: json(
        #"""
        [{"name": "score", "type": "network", "network": "critic", "inputs": ["loss/fake"]},
         {"name": "gap", "type": "dense", "units": 1}]
        """#), at: "objectives[1].layers", owner: "the objective \"other\"", extending: graph,
      prefix: "other/")
    #expect(
      text(next).suffix(2) == [
        "other/score/dense_1 = dense(loss/fake/dense_1) @ critic/dense_1",
        "other/gap = dense(other/score/dense_1)",
      ])
    let error = #expect(throws: Problems.self) {
      try networks.graph(
        layers: json(#"[{"type": "dense", "units": 1, "inputs": ["loss/fakes"]}]"#), at: "layers",
        owner: "the objective", extending: graph, prefix: "other/")
    }
    #expect(error?.list.first?.message.contains("did you mean \"loss/fake\"") == true)
  }

  @Test func aLossIsPutBehindAGraph() throws {
    let networks = try networks(network(#"{"type": "dense", "name": "logits", "units": 2}"#))
    let graph = try networks.graph(
      layers: json(
        #"[{"type": "add", "inputs": ["logits", "label"]}, "relu", {"type": "network", "inputs": "x"}]"#
      ),
      at: "loss", owner: "the loss", inputs: [Graph.Input("label", [])],
      extending: #require(networks.graph(of: "model")))
    #expect(
      text(graph) == [
        "logits = dense(x)", "add_1 = add(logits, label)", "relu_1 = relu(add_1)",
        "network_1/logits = dense(x) @ logits",
      ])
    let next = try networks.graph(
      layers: json(#"["relu"]"#), at: "loss", owner: "the loss", extending: graph)
    #expect(text(next).last == "relu_2 = relu(network_1/logits)")
  }
}
