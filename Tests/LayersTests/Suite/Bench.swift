import GraphIR
import TensorCore

/// How one trial of a layer is run.
struct Trial {
  /// Whether output 0 lies where input 0 lies.
  var forwardInPlace = false
  /// Whether the gradient of input 0 lies where that of output 0 lies.
  var backwardInPlace = false
  /// Whether the gradient of input 0 lies where input 0 lies.
  var overwritesInput = false
  var runsBackward = true
  /// Which gradients are not asked for: inputs first, then parameters.
  var omitted: Set<Int> = []
  /// Whether gradients are added to `Bench.prior`; else their memory holds NaN.
  var accumulates = false
  /// Whether the gradients that the signature names come by rows: NaN in every other row, which is in the set, else zero.
  var givesRows = false
  /// Two inputs that are one value, whose gradients go to one place.
  var sameInputs: (first: Int, second: Int)?
}

/// What came out of a trial.
struct Outcome<S: Scalar> {
  var outputs: [[S]] = []
  /// Inputs first, then parameters; nil for those that were not asked for.
  var gradients: [[S]?] = []
  /// The network's and what is carried, behind forward.
  var states: [[S]] = []
  /// What the layer did that it may not do.
  var complaints: [String] = []
}

/// Runs a layer on memory of its own: every trial gets fresh buffers, and everything it may not read holds NaN.
final class Bench<S: Scalar> {
  let layer: any Layer
  let signature: Signature
  let shapes: [Shape]
  var inputs: [[S]]
  var parameters: [[S]]
  let states: [[S]]
  let carried: [[S]]
  /// The gradients of the outputs: the objective is the sum of the outputs weighted by them.
  var weights: [[S]]
  private let isTraining: Bool

  init(_ sample: SampleCase, batchTimes factor: Int = 1) throws {
    layer = sample.layer
    shapes = sample.shapes(batchTimes: factor)
    signature = try layer.signature(for: shapes, batch: sample.batch(times: factor))
    isTraining = sample.isTraining
    let name = sample.testDescription
    func stream(_ what: String, _ index: Int) -> RandomStream {
      RandomStream(seed: 11, name: "\(name) \(what) \(index)")
    }
    inputs = zip(shapes, sample.values).enumerated().map { index, input in
      input.1.make(input.0, stream("input", index)).map { S($0) }
    }
    // Off the initial values, so that a bias of zero or a scale of one hides nothing.
    parameters = signature.parameters.enumerated().map { index, parameter in
      let random = stream("parameter", index)
      return parameter.initialValues(random).enumerated().map {
        S(Float($1 + 0.3 * random.at(step: 1).normal($0)))
      }
    }
    states = signature.states.enumerated().map { index, state in
      let random = stream("state", index)
      return state.initialValues(random).enumerated().map {
        S(Float($1 + 0.5 * random.at(step: 1).uniform($0)))
      }
    }
    carried = signature.carried.enumerated().map { index, shape in
      (0..<shape.count).map { S(Float(0.5 * stream("carried", index).normal($0))) }
    }
    weights = signature.outputs.enumerated().map { index, shape in
      (0..<shape.count).map { S(Float(stream("weight", index).normal($0))) }
    }
  }

  /// The shapes of what has gradients: the inputs, then the parameters.
  var gradientShapes: [Shape] { shapes + signature.parameters.map(\.shape) }

  /// What accumulating gradients are added to.
  func prior(_ index: Int) -> [S] {
    let random = RandomStream(seed: 5, name: "prior \(index)")
    return (0..<gradientShapes[index].count).map { S(Float(random.normal($0))) }
  }

  /// The objective as a function of inputs and parameters.
  var objective: S {
    let outcome = run(Trial(runsBackward: false))
    return zip(outcome.outputs, weights).reduce(0) { sum, pair in
      zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 }
    }
  }

  func run(_ trial: Trial = Trial(), threads: Int = 1) -> Outcome<S> {
    let context = StepContext(pool: WorkerPool(threads: threads), seed: 42)
    context.step = 3
    context.isTraining = isTraining
    var run = BenchRun(self, trial)
    run.forward(context)
    if trial.runsBackward { run.backward(context) }
    return run.outcome
  }
}

extension ParameterSpec {
  func initialValues(_ random: RandomStream) -> [Double] {
    initializer.values(shape, fanIn: fanIn, fanOut: fanOut, random: random)
  }
}
