import GraphIR
import Settings
import TensorCore

/// Layers that have settings and shapes and compute nothing: the spec never runs one.
protocol ToyLayer: Layer {
  static var outputs: Int { get }
  static var readsNothing: Bool { get }
}

extension ToyLayer {
  static var outputs: Int { 1 }
  static var readsNothing: Bool { false }
  static var manual: String { "A toy." }
  static var samples: [Sample<Self>] { [] }

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.isEmpty == Self.readsNothing else {
      throw ShapeError(expects: Self.readsNothing ? "no input" : "an input", got: inputs)
    }
    let shape = inputs.first ?? [batch, 1]
    return Signature(outputs: Array(repeating: shape, count: Self.outputs))
  }

  func forward<S: Scalar>(_ pass: Pass<S>) {}
  func backward<S: Scalar>(_ pass: Pass<S>) {}
}

struct ToyDense: ToyLayer {
  static let type = "dense"
  var units = 1
  var usesBias = true

  static var fields: [Field<ToyDense>] {
    [
      Field("units", \.units, required: true, .atLeast(1), "How many outputs."),
      Field("use_bias", \.usesBias, "Whether a bias is added."),
    ]
  }
}

struct ToyRelu: ToyLayer {
  static let type = "relu"
  static var fields: [Field<ToyRelu>] { [] }
}

struct ToyLeakyRelu: ToyLayer {
  static let type = "leaky_relu"
  var slope = 0.3
  static var fields: [Field<ToyLeakyRelu>] {
    [Field("slope", \.slope, .atLeast(0), "The slope below zero.")]
  }
}

struct ToyAdd: ToyLayer {
  static let type = "add"
  static var fields: [Field<ToyAdd>] { [] }
}

/// Reads nothing, as a source of noise does.
struct ToyNoise: ToyLayer {
  static let type = "random_normal"
  static var readsNothing: Bool { true }
  static var fields: [Field<ToyNoise>] { [] }
}

/// Has a key that other layers have in common, and several outputs.
struct ToyLSTM: ToyLayer {
  static let type = "lstm"
  static var outputs: Int { 3 }
  var units = 1
  var activation = "tanh"
  static var fields: [Field<ToyLSTM>] {
    [
      Field("units", \.units, required: true, .atLeast(1), "How many outputs."),
      Field("activation", \.activation, "The function of the state."),
    ]
  }
}

let toyRegistry = Registry<any Layer>(
  "layer",
  [
    ToyAdd.self, ToyDense.self, ToyLeakyRelu.self, ToyLSTM.self, ToyNoise.self, ToyRelu.self,
  ])
