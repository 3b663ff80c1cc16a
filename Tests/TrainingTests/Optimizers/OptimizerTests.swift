import Settings
import TensorCore
import Testing

@testable import Training

@Suite struct OptimizerTests {
  /// PyTorch: scripts/reference/make_optimizer_references.py.
  @Test func everyStepIsThatOfPyTorch() throws {
    let reference = try Reference("optimizers.json")
    for item in try reference["cases"].elements {
      let optimizer = try read(optimizerRegistry, item["optimizer"].json)
      let expected = try item["values"].elements.map { try $0.numbers }
      let exact: [[Double]] = try run(optimizer, reference, as: Double.self)
      let single: [[Double]] = try run(optimizer, reference, as: Float.self)
      #expect(exact.count == 6 && expected.count == 6)
      for step in expected.indices {
        for i in expected[step].indices {
          let wanted = expected[step][i]
          let name = "\(optimizer.typedJSON.text()), step \(step + 1), value \(i)"
          #expect(abs(exact[step][i] - wanted) <= 1e-13 * max(1, abs(wanted)), "\(name)")
          #expect(abs(single[step][i] - wanted) <= 2e-6 * max(1, abs(wanted)), "\(name) in Float")
        }
      }
    }
  }

  /// The values after every step.
  private func run<S: Scalar>(
    _ optimizer: any Optimizer, _ reference: Reference, as type: S.Type
  ) throws -> [[Double]] {
    let state = State<S>(optimizer, try reference["values"].numbers)
    let schedule = RunningSchedule(optimizer.learningRate)
    return try reference["gradients"].elements.enumerated().map { step, gradients in
      let clock = TrainingClock(step: step, stepsPerEpoch: 10, totalSteps: 10)
      state.step(
        step + 1, try gradients.numbers, rate: schedule.value(at: clock),
        decay: optimizer.weightDecay)
      return state.values.map(Double.init)
    }
  }

  /// Parameters with their moments, as an optimizer finds them in memory.
  private final class State<S: Scalar> {
    let optimizer: any Optimizer
    private let memory: Arena<S>
    private let momentMemory: [Arena<S>]
    private let pool = WorkerPool(threads: 2)

    init(_ optimizer: any Optimizer, _ values: [Double]) {
      self.optimizer = optimizer
      memory = Arena(count: values.count)
      for (i, value) in values.enumerated() { memory.base[i] = S(value) }
      momentMemory = (0..<optimizer.moments).map { _ in Arena(count: values.count) }
    }

    var values: [S] { memory.view(at: 0, [memory.count]).elements }
    var moments: [[S]] { momentMemory.map { $0.view(at: 0, [memory.count]).elements } }

    func step(
      _ step: Int, _ gradients: [Double], rate: Double, decay: Double, scale: Double = 1,
      segments: [Range<Int>]? = nil
    ) {
      let slopes = Arena<S>(count: gradients.count)
      for (i, gradient) in gradients.enumerated() { slopes.base[i] = S(gradient) }
      for range in segments ?? [0..<memory.count] {
        optimizer.update(
          memory.base + range.lowerBound, gradients: slopes.base + range.lowerBound,
          moments: momentMemory.map { $0.base + range.lowerBound }, count: range.count, rows: nil,
          step: step,
          learningRate: rate, decay: decay, gradientScale: scale, pool: pool)
      }
    }
  }

  @Test(arguments: optimizerRegistry.types)
  func segmentsDoNotChangeABit(type: String) throws {
    let optimizer = try read(
      optimizerRegistry, type == "sgd" ? #"{"type": "sgd", "momentum": 0.9}"# : "\"\(type)\"")
    let count = 40_003
    let values = (0..<count).map { Double($0 % 101) / 50 - 1 }
    let gradients = (0..<count).map { Double($0 % 89) / 300 - 0.1 }
    let whole = State<Float>(optimizer, values)
    let parts = State<Float>(optimizer, values)
    for step in 1...3 {
      whole.step(step, gradients, rate: 0.01, decay: 0.1)
      parts.step(
        step, gradients, rate: 0.01, decay: 0.1, segments: [0..<1, 1..<20_004, 20_004..<count])
    }
    #expect(whole.values == parts.values)
    #expect(whole.moments == parts.moments)
    #expect(whole.values != values.map { Float($0) })
  }

  @Test(arguments: optimizerRegistry.types)
  func theScaleMultipliesTheGradient(type: String) throws {
    let optimizer = try read(optimizerRegistry, "\"\(type)\"")
    let scaled = State<Double>(optimizer, [1, 2, 3])
    let plain = State<Double>(optimizer, [1, 2, 3])
    scaled.step(1, [4, 8, -2], rate: 0.1, decay: 0.1, scale: 0.25)
    plain.step(1, [1, 2, -0.5], rate: 0.1, decay: 0.1)
    #expect(scaled.values == plain.values)
  }

  @Test func momentsHaveNamesAndOnlyWhereTheyAreNeeded() throws {
    let wanted: KeyValuePairs = [
      #""sgd""#: [], #"{"type": "sgd", "momentum": 0.9}"#: ["momentum"],
      #""adam""#: ["mean", "square"],
      #""rmsprop""#: ["square"], #"{"type": "rmsprop", "momentum": 0.5}"#: ["square", "momentum"],
    ]
    for (text, names) in wanted {
      #expect(try read(optimizerRegistry, text).momentNames == names)
    }
  }

  @Test func settingsAreReadBackAndChecked() throws {
    for type in optimizerRegistry.types {
      let optimizer = try read(optimizerRegistry, "\"\(type)\"")
      #expect(try read(optimizerRegistry, optimizer.typedJSON).typedJSON == optimizer.typedJSON)
    }
    #expect(optimizerRegistry.types == optimizerRegistry.types.sorted())
    let scheduled = try read(
      optimizerRegistry, #"{"type": "adam", "learning_rate": {"type": "cosine", "initial": 0.001}}"#
    )
    #expect(scheduled.learningRate.schedule is CosineSchedule)
    for (text, part) in [
      (#"{"type": "sgd", "nesterov": true}"#, "needs a \"momentum\""),
      (#"{"type": "adam", "beta_2": 1}"#, "below 1"),
      (#"{"type": "adam", "learning_rate": -1}"#, "at least 0"),
      (#"{"type": "adam", "learning_rate": [1]}"#, "a number or a schedule"),
      (#""adamm""#, "did you mean \"adam\"?"),
    ] {
      #expect { try read(optimizerRegistry, text) } throws: { "\($0)".contains(part) }
    }
  }
}
