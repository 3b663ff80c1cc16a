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

  /// The rows of an output [N, T, ...] whose marks are not 0.
  static func rows(of values: [Float], where marks: [Float]) -> [Float] {
    let width = values.count / marks.count
    return marks.indices.filter { marks[$0] != 0 }.flatMap {
      values[$0 * width..<($0 + 1) * width]
    }
  }

  /// Which steps of the output are no padding; nil where it has no steps.
  static func outputMask(
    of layer: any MaskedLayer, inputs: Int, _ mask: [Float], _ batch: Int
  ) -> [Float]? {
    if let map = (layer as? any MaskMappingLayer)?.maskMap as? WindowMask {
      let steps = mask.count / batch
      let reach = map.dilationRate * (map.window - 1) + 1
      return (0..<batch).flatMap { n in
        stride(from: 0, through: steps - reach, by: map.strides).map { start in
          (0..<map.window).allSatisfy { mask[n * steps + start + $0 * map.dilationRate] != 0 }
            ? 1 : 0
        }
      }
    }
    return layer.keptMask(of: inputs) == layer.maskedInput(of: inputs) ? mask : nil
  }

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
        guard output == 0,
          let marks = Self.outputMask(of: layer, inputs: count, one.inputs[count], batch),
          let otherMarks = Self.outputMask(of: layer, inputs: count, other.inputs[count], batch)
        else {
          #expect(one.signature.outputs[output] == other.signature.outputs[output])
          other.weights[output] = one.weights[output]
          continue
        }
        let width = one.weights[output].count / marks.count
        var counted = Self.rows(of: one.weights[output], where: marks)[...]
        for (place, mark) in marks.enumerated() where mark == 0 {
          for i in 0..<width { one.weights[output][place * width + i] = 0 }
        }
        for (place, mark) in otherMarks.enumerated() {
          for i in 0..<width {
            other.weights[output][place * width + i] = mark == 0 ? 0 : counted.removeFirst()
          }
        }
        #expect(counted.isEmpty, "longer padding, other steps")
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
        var (a, b) = (short.outputs[output], long.outputs[output])
        if output == 0,
          let marks = Self.outputMask(of: layer, inputs: count, one.inputs[count], batch),
          let otherMarks = Self.outputMask(of: layer, inputs: count, other.inputs[count], batch)
        {
          (a, b) = (Self.rows(of: a, where: marks), Self.rows(of: b, where: otherMarks))
        }
        #expect(a == b, "output \(output), batch x\(factor)")
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
