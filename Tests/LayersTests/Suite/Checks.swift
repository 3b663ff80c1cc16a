import GraphIR
import Layers
import Settings
import TensorCore

/// What the shared suite asks of every sample of every layer: each check returns its complaints.
enum Checks {
  /// The gradients of a random weighted sum of the outputs against five-point differences, in `Double`:
  /// f' = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h, whose error is of the order of h⁴.
  static func gradients(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Double>(sample)
    let outcome = bench.run()
    var complaints = outcome.complaints
    let step = 1e-3
    func difference(
      _ list: ReferenceWritableKeyPath<Bench<Double>, [[Double]]>, _ tensor: Int, _ i: Int
    )
      -> Double
    {
      let value = bench[keyPath: list][tensor][i]
      func objective(_ steps: Double) -> Double {
        bench[keyPath: list][tensor][i] = value + steps * step
        return bench.objective
      }
      defer { bench[keyPath: list][tensor][i] = value }
      return (objective(-2) - 8 * objective(-1) + 8 * objective(1) - objective(2)) / (12 * step)
    }
    for (index, gradient) in outcome.gradients.enumerated() {
      guard let gradient else { continue }
      let isInput = index < bench.inputs.count
      let list: ReferenceWritableKeyPath<Bench<Double>, [[Double]]> =
        isInput ? \.inputs : \.parameters
      let tensor = isInput ? index : index - bench.inputs.count
      for i in gradient.indices {
        let expected = difference(list, tensor, i)
        let error = abs(gradient[i] - expected) / max(1, abs(expected))
        if !(error <= sample.tolerance) {
          complaints.append(
            "\(name(index, bench))[\(i)]: gradient \(gradient[i]), differences \(expected)")
        }
      }
    }
    return complaints
  }

  /// Gradients add to what is there where they accumulate.
  static func accumulation(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Double>(sample)
    let plain = bench.run()
    let sums = bench.run(Trial(accumulates: true))
    return sums.complaints
      + plain.gradients.indices.flatMap { index -> [String] in
        guard let one = plain.gradients[index], let sum = sums.gradients[index] else { return [] }
        let expected = zip(one, bench.prior(index)).map(+)
        return mismatch(sum, expected, 1e-12, "\(name(index, bench)), accumulated")
      }
  }

  /// A gradient that comes by rows is the same bits, and no row of it moves unseen.
  static func rows(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Float>(sample)
    guard !bench.signature.rowGradients.isEmpty else { return [] }
    let plain = bench.run()
    let byRows = bench.run(Trial(givesRows: true))
    let isSame = zip(plain.gradients, byRows.gradients).allSatisfy {
      sameBits($0.0 ?? [], $0.1 ?? [])
    }
    return byRows.complaints + (isSame ? [] : ["by rows a gradient has other bits"])
  }

  /// A gradient that nobody needs changes no other.
  static func omission(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Double>(sample)
    let plain = bench.run()
    let all = Set(plain.gradients.indices)
    return all.sorted().flatMap { index -> [String] in
      [Set([index]), all.subtracting([index])].flatMap { omitted -> [String] in
        let outcome = bench.run(Trial(omitted: omitted))
        return outcome.complaints
          + all.subtracting(omitted).sorted().flatMap { kept -> [String] in
            guard let one = outcome.gradients[kept], let other = plain.gradients[kept] else {
              return []
            }
            return mismatch(
              one, other, 1e-12, "\(name(kept, bench)) without gradients \(omitted.sorted())")
          }
      }
    }
  }

  /// Two inputs may be one value: the later gradient adds to the earlier.
  static func sharedInputs(_ sample: SampleCase) throws -> [String] {
    let bench = try Bench<Double>(sample)
    let differentiable = bench.shapes.indices.filter {
      !bench.signature.undifferentiable.contains($0)
    }
    var complaints: [String] = []
    for first in differentiable {
      for second in differentiable
      where second > first && bench.shapes[first] == bench.shapes[second] {
        bench.inputs[second] = bench.inputs[first]
        let apart = bench.run()
        let together = bench.run(Trial(sameInputs: (first, second)))
        complaints += together.complaints
        guard let one = apart.gradients[first], let two = apart.gradients[second],
          let sum = together.gradients[first]
        else { continue }
        complaints += mismatch(
          sum, zip(one, two).map(+), 1e-12, "inputs \(first) and \(second) as one value")
      }
    }
    return complaints
  }

  /// Working in place gives the same bits.
  static func inPlace(_ sample: SampleCase) throws -> [String] {
    try inPlace(Bench<Double>(sample)) + inPlace(Bench<Float>(sample))
  }

  private static func inPlace<S: Scalar>(_ bench: Bench<S>) -> [String] {
    let signature = bench.signature
    let plain = bench.run()
    var complaints: [String] = []
    func compare(_ trial: Trial, _ what: String) {
      let outcome = bench.run(trial)
      complaints += outcome.complaints
      if !zip(outcome.outputs, plain.outputs).allSatisfy({ sameBits($0, $1) }) {
        complaints.append("\(S.self): \(what) gives other outputs")
      }
      for (one, other) in zip(outcome.gradients, plain.gradients)
      where !sameBits(one ?? [], other ?? []) {
        complaints.append("\(S.self): \(what) gives other gradients")
      }
    }
    if signature.forwardInPlace || signature.passesOn {
      // Backward that reads the input cannot follow one that has overwritten it.
      let followed = !signature.retains.contains(.input(0)) || signature.passesOn
      compare(Trial(forwardInPlace: true, runsBackward: followed), "forward in place")
    }
    if signature.backwardInPlace || signature.passesOn {
      compare(Trial(backwardInPlace: true), "backward in place")
    }
    if signature.overwritesInput { compare(Trial(overwritesInput: true), "over the input") }
    return complaints
  }

  /// `Float` gives what `Double` gives, at the sample's size and at one of several chunks.
  static func floatAgainstDouble(_ sample: SampleCase) throws -> [String] {
    try [1, sample.factorForSeveralChunks].flatMap { factor -> [String] in
      let narrow = try Bench<Float>(sample, batchTimes: factor).run()
      let bench = try Bench<Double>(sample, batchTimes: factor)
      let wide = bench.run()
      var complaints = narrow.complaints
      for (index, expected) in wide.outputs.enumerated() {
        complaints += mismatch(
          narrow.outputs[index].map(Double.init), expected, 1e-4,
          "Float, batch x\(factor): output \(index)")
      }
      for (index, expected) in wide.gradients.enumerated() {
        guard let expected, let got = narrow.gradients[index] else { continue }
        complaints += mismatch(
          got.map(Double.init), expected, 1e-4, "Float, batch x\(factor): \(name(index, bench))")
      }
      for (index, expected) in wide.states.enumerated() {
        complaints += mismatch(
          narrow.states[index].map(Double.init), expected, 1e-4,
          "Float, batch x\(factor): state \(index)")
      }
      return complaints
    }
  }

  /// Any number of threads gives the same bits, at the sample's size and at one of several chunks.
  static func threads(_ sample: SampleCase) throws -> [String] {
    try [1, sample.factorForSeveralChunks].flatMap { factor -> [String] in
      let bench = try Bench<Float>(sample, batchTimes: factor)
      let one = bench.run()
      return [2, 4].flatMap { threads -> [String] in
        let outcome = bench.run(threads: threads)
        let before = one.outputs + one.states + one.gradients.compactMap(\.self)
        let after = outcome.outputs + outcome.states + outcome.gradients.compactMap(\.self)
        return outcome.complaints
          + (zip(before, after).allSatisfy { sameBits($0, $1) }
            ? [] : ["\(threads) threads give other bits, batch x\(factor)"])
      }
    }
  }

  static func name<S: Scalar>(_ gradient: Int, _ bench: Bench<S>) -> String {
    let inputs = bench.inputs.count
    return gradient < inputs
      ? "input \(gradient)" : bench.signature.parameters[gradient - inputs].name
  }

  /// The first elements that differ, each against its own size and that of the whole tensor's mean.
  static func mismatch(
    _ got: [Double], _ expected: [Double], _ tolerance: Double, _ what: String
  ) -> [String] {
    guard got.count == expected.count else { return ["\(what): \(got.count) elements"] }
    let norm = expected.reduce(0) { $0 + $1 * $1 }
    let typical = (norm / Double(max(1, expected.count))).squareRoot()
    let wrong = expected.indices.filter {
      !(abs(got[$0] - expected[$0]) <= tolerance * max(abs(expected[$0]), typical, 1e-3))
    }
    guard let first = wrong.first else { return [] }
    return ["\(what): \(wrong.count) differ; [\(first)] is \(got[first]), not \(expected[first])"]
  }
}
