import GraphIR
import Layers
import Settings
import TensorCore
import Testing

/// What can be wrong with a layer; the suite must see each.
enum Mistake: String, CaseIterable, SettingValue {
  case none
  case wrongSign
  case forgottenRetain
  case scratchAcrossPasses
  case accumulationIgnored
  case garbageAddedTo
  case writesPastTheEnd
  case overwritesInput
  case omissionIgnored
  case inPlaceWrong
  case rowsNotSaid
  case rowsNotZeroed
  case threadsShareSums
}

/// y = w x² with one w, done wrong in one way or another.
private struct BrokenLayer: Layer {
  static let type = "broken"
  static let manual = "y = w x²."
  static let fields: [Field<BrokenLayer>] = []
  static let samples = [Sample(BrokenLayer(), inputs: [[2, 3]])]

  var mistake = Mistake.none

  func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: inputs)
    signature.parameters = [ParameterSpec("weight", [1], Initializers.Ones())]
    signature.retains = mistake == .forgottenRetain ? [] : [.input(0)]
    signature.saved = [[1]]
    signature.forwardScratch = [[1]]
    signature.backwardScratch = [[1]]
    signature.rowGradients = [0]
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }

  func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y, w) = (pass.inputs[0], pass.outputs[0], pass.parameters[0][0])
    if mistake == .inPlaceWrong { y.fill(0) }
    for i in 0..<x.count { y[i] = w * x[i] * x[i] }
    pass.saved[0][0] = 1
    pass.scratch[0][0] = 1
    if mistake == .writesPastTheEnd { y.base[y.count] = 0 }
    if mistake == .overwritesInput { x[0] = 0 }
    if mistake == .threadsShareSums {
      y[0] += S(pass.pool.threads)
    }
  }

  func backward<S: Scalar>(_ pass: Pass<S>) {
    let (x, dy, w) = (pass.inputs[0], pass.outputGradients[0], pass.parameters[0][0])
    let one = mistake == .scratchAcrossPasses ? pass.scratch[0][0] : pass.saved[0][0]
    var sum: S = 0
    for i in 0..<x.count { sum += one * dy[i] * x[i] * x[i] }
    if let gradient = pass.parameterGradients[0] {
      let adds = gradient.accumulates || gradient.rows != nil && mistake == .rowsNotZeroed
      gradient.view[0] = adds ? gradient.view[0] + sum : sum
      if mistake == .rowsNotSaid { gradient.rows?.removeAll() }
    } else if mistake == .omissionIgnored {
      return
    }
    guard let gradient = pass.inputGradients[0] else { return }
    for i in 0..<x.count {
      let value = (mistake == .wrongSign ? -2 : 2) * w * x[i] * dy[i]
      let adds =
        mistake == .garbageAddedTo || gradient.accumulates && mistake != .accumulationIgnored
      gradient.view[i] = adds ? gradient.view[i] + value : value
    }
  }
}

/// The suite itself is tested: it finds every mistake, and nothing wrong where there is none.
@Suite struct BrokenLayerTests {
  @Test(arguments: Mistake.allCases) func theSuiteSees(_ mistake: Mistake) throws {
    var layer = BrokenLayer()
    layer.mistake = mistake
    let sample = SampleCase(Sample(layer, inputs: [[2, 3]]), number: 0)
    let complaints =
      try Checks.gradients(sample) + Checks.accumulation(sample) + Checks.omission(sample)
      + Checks.rows(sample) + Checks.inPlace(sample) + Checks.floatAgainstDouble(sample)
      + Checks.threads(sample)
    #expect(complaints.isEmpty == (mistake == .none), "\(complaints)")
  }
}
