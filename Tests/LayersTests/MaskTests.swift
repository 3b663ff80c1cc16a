import GraphIR
import Layers
import TensorCore
import Testing

/// Padding never leaks: what it holds and how long it is changes no bit.
@Suite struct MaskTests {
  /// A case with a mask, and the same with more padding behind that holds something else.
  struct Case: CustomTestStringConvertible {
    let sample: SampleCase
    let isLong: Bool
    var testDescription: String { sample.testDescription + (isLong ? ", longer" : "") }
  }

  static let cases = SampleCase.all.filter { ($0.layer as? any MaskedLayer)?.isMasked == true }
    .flatMap { [Case(sample: $0, isLong: false), Case(sample: $0, isLong: true)] }

  @Test(arguments: cases) func paddingChangesNoBit(_ trial: Case) throws {
    for factor in [1, 30] {
      let layer = try #require(trial.sample.layer as? any MaskedLayer)
      let shapes = trial.sample.shapes(batchTimes: factor)
      let count = shapes.count - 1
      let (batch, steps) = (shapes[count][0], shapes[count][1])
      let longer = steps + (trial.isLong ? 37 : 0)
      // Which inputs have the steps that may be padding: a loss has two of them, and so have keys and values.
      let padded = Set(
        [layer.maskedInput(of: count), count] + (layer is any Loss ? [1] : [])
          + (layer is any AttendingLayer ? Array(1..<count) : []))
      let random = RandomStream(seed: 3, name: trial.testDescription)
      let lengths = (0..<batch).map { Int(random.uniform($0) * Double(steps + 1)) }
      func stretched(_ shape: Shape) -> Shape {
        Shape([shape[0], longer] + shape.dimensions.dropFirst(2))
      }
      let one = try Bench<Float>(trial.sample, batchTimes: factor)
      let other = try Bench<Float>(
        trial.sample.with(
          shapes: trial.sample.inputs.enumerated().map {
            padded.contains($0.offset) ? stretched($0.element) : $0.element
          }), batchTimes: factor)
      func fill(_ bench: Bench<Float>, _ steps: Int) {
        bench.inputs[count] = (0..<batch).flatMap { n in
          (0..<steps).map { $0 < lengths[n] ? 1 : 0 }
        }
      }
      fill(one, steps)
      fill(other, longer)
      for input in padded where input != count {
        let row = one.inputs[input].count / (batch * steps)
        for n in 0..<batch {
          for i in 0..<longer * row {
            // Class numbers must stay some.
            let place = n * longer * row + i
            if i < lengths[n] * row {
              other.inputs[input][place] = one.inputs[input][n * steps * row + i]
            } else if !trial.isLong || input == 1 {
              other.inputs[input][place] = layer is any Loss && input == 1 ? 0 : 7
            }
          }
        }
      }
      for input in 0..<count where !padded.contains(input) {
        other.inputs[input] = one.inputs[input]
      }
      (other.parameters) = one.parameters
      for output in one.weights.indices {
        let (short, long) = (one.signature.outputs[output], other.signature.outputs[output])
        let keeps = output == 0 && layer.keptMask(of: count) == layer.maskedInput(of: count)
        guard keeps else {
          #expect(short == long)
          other.weights[output] = one.weights[output]
          continue
        }
        let row = short.count / (batch * steps)
        for n in 0..<batch {
          for i in 0..<longer * row {
            let counts = i < lengths[n] * row
            other.weights[output][n * longer * row + i] =
              counts ? one.weights[output][n * steps * row + i] : 0
            if !counts, i < steps * row { one.weights[output][n * steps * row + i] = 0 }
          }
        }
      }
      let (short, long) = (one.run(), other.run())
      #expect(short.complaints.isEmpty && long.complaints.isEmpty)
      /// The steps that count.
      func kept(_ values: [Float], _ steps: Int, _ shape: Shape) -> [Float] {
        guard shape.rank > 1, shape[1] == steps else { return values }
        let row = values.count / (batch * steps)
        return (0..<batch).flatMap { n in
          values[n * steps * row..<(n * steps + lengths[n]) * row]
        }
      }
      for output in short.outputs.indices {
        let keeps = output == 0 && layer.keptMask(of: count) == layer.maskedInput(of: count)
        let (a, b) = (short.outputs[output], long.outputs[output])
        let same =
          keeps
          ? kept(a, steps, one.signature.outputs[output])
            == kept(b, longer, other.signature.outputs[output]) : a == b
        #expect(same, "output \(output), batch x\(factor)")
      }
      for index in short.gradients.indices {
        guard let a = short.gradients[index], let b = long.gradients[index] else { continue }
        let isPadded = padded.contains(index)
        let same =
          isPadded
          ? kept(a, steps, one.gradientShapes[index])
            == kept(b, longer, other.gradientShapes[index]) : a == b
        let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        #expect(same, "\(Checks.name(index, one)), batch x\(factor): by \(worst)")
        guard isPadded else { continue }
        let row = a.count / (batch * steps)
        let leaks = (0..<batch).contains { n in
          a[(n * steps + lengths[n]) * row..<(n + 1) * steps * row].contains { $0 != 0 }
        }
        #expect(!leaks, "padding has a gradient")
      }
    }
  }
}
