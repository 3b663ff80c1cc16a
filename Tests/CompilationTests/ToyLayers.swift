import GraphIR
import Settings
import TensorCore

/// Just enough mathematics to test passes with; the compiler knows no real layer.
struct ToyConstant: Initializer {
  static let type = "toy_constant"
  static let manual = "Every element 0.5."
  static let fields: [Field<ToyConstant>] = []
  func values(_ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream) -> [Double] {
    (0..<shape.count).map { random.uniform($0) + 0.5 }
  }
}

/// y = x w, element by element, w of the shape of a row; keeps its input.
struct ToyScale: Layer {
  static let type = "toy_scale"
  static let manual = "y = x w."
  static let fields: [Field<ToyScale>] = []
  static let samples: [Sample<ToyScale>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 1 else { throw ShapeError(expects: "one input", got: inputs) }
    var signature = Signature(outputs: inputs)
    signature.parameters = [ParameterSpec("weight", inputs[0].dropFirst, ToyConstant())]
    signature.retains = [.input(0)]
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    let width = pass.parameters[0].count
    for i in 0..<pass.inputs[0].count {
      pass.outputs[0][i] = pass.inputs[0][i] * pass.parameters[0][i % width]
    }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    let width = pass.parameters[0].count
    if let gradient = pass.parameterGradients[0] {
      if !gradient.accumulates { gradient.view.fill(0) }
      for i in 0..<pass.inputs[0].count {
        gradient.view[i % width] += pass.outputGradients[0][i] * pass.inputs[0][i]
      }
    }
    if let gradient = pass.inputGradients[0] {
      for i in 0..<pass.inputs[0].count {
        let value = pass.outputGradients[0][i] * pass.parameters[0][i % width]
        gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
      }
    }
  }
}

/// y = 1 / (1 + exp(-x)), which may overwrite x, for its derivative follows from y.
struct ToySigmoid: Layer {
  static let type = "toy_sigmoid"
  static let manual = "y = 1 / (1 + exp(-x))."
  static let fields: [Field<ToySigmoid>] = []
  static let samples: [Sample<ToySigmoid>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: inputs)
    signature.retains = [.output(0)]
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    for i in 0..<pass.inputs[0].count { pass.outputs[0][i] = 1 / (1 + S.exp(-pass.inputs[0][i])) }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    for i in 0..<pass.outputs[0].count {
      let y = pass.outputs[0][i]
      let value = pass.outputGradients[0][i] * y * (1 - y)
      gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
    }
  }
}

/// L = Σ x² / 2, whose gradient may lie where x lies.
struct ToyEnergy: Layer {
  static let type = "toy_energy"
  static let manual = "L = sum of x^2 / 2."
  static let fields: [Field<ToyEnergy>] = []
  static let samples: [Sample<ToyEnergy>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: [[]])
    signature.retains = [.input(0)]
    signature.overwritesInput = true
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.outputs[0][0] = pass.inputs[0].elements.reduce(0) { $0 + $1 * $1 / 2 }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    for i in 0..<pass.inputs[0].count {
      let value = pass.outputGradients[0][0] * pass.inputs[0][i]
      gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
    }
  }
}

/// The same numbers, passed on.
struct ToyReshape: Layer {
  static let type = "toy_reshape"
  static let manual = "y = x."
  static let fields: [Field<ToyReshape>] = []
  static let samples: [Sample<ToyReshape>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: inputs)
    signature.passesOn = true
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    if pass.outputs[0].base != pass.inputs[0].base {
      pass.outputs[0].copy(from: pass.inputs[0].base)
    }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    if gradient.accumulates {
      for i in 0..<gradient.view.count { gradient.view[i] += pass.outputGradients[0][i] }
    } else if gradient.view.base != pass.outputGradients[0].base {
      gradient.view.copy(from: pass.outputGradients[0].base)
    }
  }
}

/// y = factor x. Two of them are one, and it may come after a reshape as well as before.
struct ToyTimes: FusableLayer {
  static let type = "toy_times"
  static let manual = "y = factor x."
  static let fields: [Field<ToyTimes>] = []
  static let samples: [Sample<ToyTimes>] = []
  var factor = 1.0

  init() {}
  init(_ factor: Double) { self.factor = factor }

  func fusion(with next: any Layer, on inputs: [Shape]) -> Fusion? {
    if next is ToyReshape { return .swapped }
    return (next as? ToyTimes).map { .one(ToyTimes(factor * $0.factor)) }
  }
  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: inputs)
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    for i in 0..<pass.inputs[0].count { pass.outputs[0][i] = S(factor) * pass.inputs[0][i] }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    for i in 0..<gradient.view.count {
      let value = S(factor) * pass.outputGradients[0][i]
      gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
    }
  }
}

/// y = a + b, and a second output a - b.
struct ToySumAndDifference: Layer {
  static let type = "toy_sum"
  static let manual = "y = a + b."
  static let fields: [Field<ToySumAndDifference>] = []
  static let samples: [Sample<ToySumAndDifference>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw ShapeError(expects: "two inputs of one shape", got: inputs)
    }
    var signature = Signature(outputs: [inputs[0], inputs[0]])
    signature.backwardScratch = [inputs[0]]
    return signature
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    for i in 0..<pass.inputs[0].count {
      let (a, b) = (pass.inputs[0][i], pass.inputs[1][i])
      pass.outputs[0][i] = a + b
      pass.outputs[1][i] = a - b
    }
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    let (sum, difference) = (pass.outputGradients[0], pass.outputGradients[1])
    for (input, sign) in [(0, S(1)), (1, S(-1))] {
      guard let gradient = pass.inputGradients[input] else { continue }
      for i in 0..<sum.count {
        let value = sum[i] + sign * difference[i]
        gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
      }
    }
  }
}

/// The mean of all elements.
struct ToyMean: Layer {
  static let type = "toy_mean"
  static let manual = "y = mean x."
  static let fields: [Field<ToyMean>] = []
  static let samples: [Sample<ToyMean>] = []

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    Signature(outputs: [[]])
  }
  func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.outputs[0][0] = pass.inputs[0].elements.reduce(0, +) / S(pass.inputs[0].count)
  }
  func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let value = pass.outputGradients[0][0] / S(gradient.view.count)
    for i in 0..<gradient.view.count {
      gradient.view[i] = gradient.accumulates ? gradient.view[i] + value : value
    }
  }
}
