import GraphIR
import Layers
import TensorCore
import Testing

/// One sample of one layer, its type erased, as an argument of the suite's tests.
struct SampleCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let layer: any Layer
  let inputs: [Shape]
  let values: [AnyValues]
  let isTraining: Bool
  let tolerance: Double

  init<L: Layer>(_ sample: Sample<L>, number: Int) {
    testDescription = "\(L.type) \(number)"
    layer = sample.layer
    inputs = sample.inputs
    values = sample.inputs.indices.map {
      AnyValues(sample.values.indices.contains($0) ? sample.values[$0] : .normal)
    }
    isTraining = sample.isTraining
    tolerance = sample.tolerance
  }

  private init(_ other: SampleCase, shapes: [Shape]) {
    (testDescription, layer, values) = (other.testDescription, other.layer, other.values)
    (isTraining, tolerance, inputs) = (other.isTraining, other.tolerance, shapes)
  }

  /// The same with inputs of other shapes.
  func with(shapes: [Shape]) -> SampleCase { SampleCase(self, shapes: shapes) }

  /// All samples of a kind of layer.
  static func all<L: Layer>(of type: L.Type) -> [SampleCase] {
    type.samples.enumerated().map { SampleCase($1, number: $0) }
  }

  /// All samples of all layers.
  static let all: [SampleCase] = layerTypes.flatMap { all(of: $0) }

  /// N, for a batch `factor` times that of the sample.
  func batch(times factor: Int = 1) -> Int { (inputs.first?[0] ?? 3) * factor }

  /// The shapes of the inputs for a batch `factor` times that of the sample.
  func shapes(batchTimes factor: Int) -> [Shape] {
    inputs.map { $0.dropFirst.prepending($0[0] * factor) }
  }

  /// A factor for the batch that makes several chunks of the work.
  var factorForSeveralChunks: Int {
    let outputs = (try? layer.signature(for: inputs, batch: batch()))?.outputs ?? []
    let largest = (inputs + outputs).map(\.count).max() ?? 1
    return max(2, 80_000 / max(1, largest))
  }
}

/// The values of an input, as the sample's `Values` say, each exact in `Float`.
struct AnyValues: Sendable {
  let make: @Sendable (Shape, RandomStream) -> [Double]
  /// What whole numbers stay below; nil for other values.
  let bound: Int?

  init<L: Layer>(_ values: Sample<L>.Values) {
    if case .integers(let below) = values { bound = below } else { bound = nil }
    make = { shape, random in
      Self.values(values, shape, random).map { Double(Float($0)) }
    }
  }

  private static func values<L: Layer>(
    _ values: Sample<L>.Values, _ shape: Shape, _ random: RandomStream
  ) -> [Double] {
    let all = 0..<shape.count
    switch values {
    case .normal: return all.map(random.normal)
    case .awayFromZero:
      return all.map {
        let x = random.normal($0)
        return x < 0 ? x - 0.05 : x + 0.05
      }
    case .distinct:
      return random.permutation(shape.count).map { 0.0625 * Double($0 - shape.count / 2) }
    case .integers(let bound): return all.map { Double(random.integer($0, below: bound)) }
    case .probabilities: return all.map { 0.06 + 0.88 * random.uniform($0) }
    case .distributions:
      let positive = all.map { 0.1 + random.uniform($0) }
      return all.map { index in
        let row = index / shape.last * shape.last
        return positive[index] / positive[row..<row + shape.last].reduce(0, +)
      }
    case .binary: return all.map { Double(random.integer($0, below: 2)) }
    }
  }
}
