import Testing

/// Layers of a network with the input `x`, which begin at column 35, and what is said about them.
@Suite struct MistakesTests {
  @Test(arguments: [
    (
      #"{"type": "dnse", "units": 1}"#,
      [#"model.json:1:44: layers[0].type: unknown layer "dnse" (did you mean "dense"?)"#]
    ),
    (
      #""rellu""#,
      [#"model.json:1:35: layers[0].type: unknown layer "rellu" (did you mean "relu"?)"#]
    ),
    (#"{"units": 1}"#, [#"model.json:1:35: layers[0]: "type" is missing: which layer this is"#]),
    (#"7"#, [#"model.json:1:35: layers[0]: expected an object with a "type", got 7"#]),
    (
      #"{"type": "dense", "unit": 1}"#,
      [
        #"model.json:1:35: layers[0]: "units" is missing: an integer, at least 1 (How many outputs.)"#,
        #"model.json:1:53: layers[0].unit: unknown key (did you mean "units"?)"#,
      ]
    ),
    (
      #"{"type": "relu", "inputs": "y"}"#,
      [
        #"model.json:1:62: layers[0].inputs: the network "model" has no "y" before this layer (known: x)"#
      ]
    ),
    (
      #"{"type": "relu", "inputs": ["x", "later"]}, {"type": "relu", "name": "later"}"#,
      [
        #"model.json:1:68: layers[0].inputs[1]: "later" comes later: a layer reads only what is before it, so that there is no cycle"#
      ]
    ),
    (
      #"{"type": "relu", "name": "a", "inputs": "a"}"#,
      [
        #"model.json:1:75: layers[0].inputs: "a" is this layer itself: a layer reads only what is before it, so that there is no cycle"#
      ]
    ),
    (
      #"{"type": "relu", "name": "a"}, {"type": "relu", "name": "a"}"#,
      [#"model.json:1:91: layers[1].name: two layers are called "a", first in line 1"#]
    ),
    (
      #"{"type": "relu", "name": "x"}"#,
      [#"model.json:1:60: layers[0].name: "x" is the name of an input"#]
    ),
    (
      #"{"type": "relu", "name": "a/b"}"#,
      [
        #"model.json:1:60: layers[0].name: expected a string, without / : * ? [ ] and spaces, got "a/b""#
      ]
    ),
    (
      #"{"type": "relu", "inputs": 3}"#,
      [#"model.json:1:62: layers[0].inputs: expected a name or a list of names, got 3"#]
    ),
    (
      #"{"type": "relu", "inputs": "x:1"}"#,
      [#"model.json:1:62: layers[0].inputs: "x" has 1 output(s), counted from 0; got "x:1""#]
    ),
    (
      #"{"type": "relu", "inputs": "x:one"}"#,
      [
        #"model.json:1:62: layers[0].inputs: expected the number of an output behind ":", as in "x:1", got "one""#
      ]
    ),
    (
      #"{"type": "relu", "activation": "rleu"}"#,
      [
        #"model.json:1:66: layers[0].activation.type: unknown layer "rleu" (did you mean "relu"?)"#
      ]
    ),
    (
      #"{"type": "relu", "repeat": 0}"#,
      [
        #"model.json:1:62: layers[0].repeat: expected an integer, from 1 to 100000, got 0"#
      ]
    ),
    (
      #""relu", {"type": "dense", "units": 1, "parameters_of": "relu_1"}"#,
      [
        #"model.json:1:90: layers[1].parameters_of: "relu_1" is a relu, whose parameters a dense cannot use"#
      ]
    ),
    (
      #"{"type": "dense", "units": 1, "parameters_of": "dense_0"}"#,
      [
        #"model.json:1:82: layers[0].parameters_of: the network "model" has no "dense_0" before this layer (known: x)"#
      ]
    ),
    (
      #"{"type": "network", "network": "modle"}"#,
      [
        #"model.json:1:66: layers[0].network: unknown network "modle" (did you mean "model"?)"#
      ]
    ),
    (
      #""network""#,
      [
        #"model.json:1:35: layers[0]: the network "model" would be within itself: network model -> network model"#
      ]
    ),
    (
      "",
      ["model.json:1:34: layers: expected a list, each a value, at least one, got an empty list"]
    ),
  ])
  func layers(_ layers: String, _ expected: [String]) {
    #expect(messages(network(layers)) == expected)
  }

  @Test func allMistakesComeAtOnceAndEachOnlyOnce() {
    // What reads a layer with a mistake is not itself to blame.
    let found = messages(
      network(
        #"""
        {"type": "dense", "units": 0, "name": "a"},
        {"type": "relu", "inputs": ["a", "b"]}, "relu",
        {"type": "dense", "units": 1, "slope": 1}
        """#))
    #expect(
      found == [
        "model.json:1:62: layers[0].units: expected an integer, at least 1, got 0",
        #"model.json:2:34: layers[1].inputs[1]: the network "model" has no "b" before this layer (known: a, x)"#,
        #"model.json:3:31: layers[3].slope: unknown key (known: units, use_bias, name, inputs, activation, repeat, parameters_of, type)"#,
      ])
  }

  @Test(arguments: [
    (
      "{}",
      [
        #"model.json:1:1: "layers" is missing: a list, each a value, at least one (The layers, each after all it reads.)"#
      ]
    ),
    ("[]", ["model.json:1:1: expected an object, got an empty list"]),
    (
      #"{"layers": ["relu"]}"#,
      [
        #"model.json:1:13: layers[0]: the first layer of the network "model" has nothing to read: the network "model" has no inputs"#
      ]
    ),
    (
      #"{"inputs": {"a": [1], "b": [1]}, "layers": ["relu"]}"#,
      [
        #"model.json:1:45: layers[0]: "inputs" is missing: the first layer of the network "model" can read "a", "b""#
      ]
    ),
    (
      #"{"inputs": {"a": [0], "b": 3, "c": [4294967296, 4294967296], "d:1": [1]}, "layers": ["relu"]}"#,
      [
        #"model.json:1:18: inputs.a: expected a shape: a list of integers, each at least 1, got [0]"#,
        #"model.json:1:28: inputs.b: expected a shape: a list of integers, each at least 1, got 3"#,
        #"model.json:1:36: inputs.c: a row of more than 4294967296 numbers"#,
        #"model.json:1:62: inputs.d:1: the name "d:1" has a ":" in it"#,
      ]
    ),
    (#"{"networks": {}}"#, ["model.json:1:14: networks: there is no network"]),
    (
      #"{"networks": {"a": {"layers": [{"type": "network"}]}, "b": {"layers": ["random_normal"]}}}"#,
      [#"model.json:1:32: networks.a.layers[0]: "network" is missing: which of a, b"#]
    ),
    (
      #"{"networks": {"a": {"layers": [{"type": "network", "network": "b"}]}, "b": {"layers": ["random_normal"], "outputs": "c"}}}"#,
      [
        #"networks.b.layers: the network "b" has no "c" before this layer (known: random_normal_1)"#,
        #"networks.b: the network "b" has no "c" before this layer (known: random_normal_1)"#,
      ]
    ),
  ])
  func models(_ model: String, _ expected: [String]) {
    #expect(messages(model) == expected)
  }
}
