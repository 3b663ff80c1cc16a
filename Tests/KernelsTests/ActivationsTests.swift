import Kernels
import TensorCore
import Testing

@Suite struct ActivationsTests {
  /// One function in both types, so that each is compared with its reference.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether backward reads the output.
    let fromOutput: Bool
    let float: Functions<Float>
    let double: Functions<Double>
    var testDescription: String { name }
  }
  struct Functions<S: Scalar>: Sendable {
    typealias Forward =
      @Sendable (UnsafePointer<S>, UnsafeMutablePointer<S>, Int, WorkerPool) -> Void
    typealias Backward =
      @Sendable (
        UnsafePointer<S>, UnsafePointer<S>, UnsafeMutablePointer<S>, Int, Bool, WorkerPool
      ) -> Void
    let forward: Forward
    let backward: Backward
  }

  static func functions<S: Scalar>(_: S.Type) -> [(String, Bool, Functions<S>)] {
    typealias A = Activations
    return [
      (
        "relu", true,
        .init(
          forward: { A.relu($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.reluBackward(output: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "leakyRelu", false,
        .init(
          forward: { A.leakyRelu($0, slope: 0.25, into: $1, count: $2, pool: $3) },
          backward: {
            A.leakyReluBackward(
              input: $0, slope: 0.25, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "elu", true,
        .init(
          forward: { A.elu($0, alpha: 0.75, into: $1, count: $2, pool: $3) },
          backward: {
            A.eluBackward(
              output: $0, alpha: 0.75, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "sigmoid", true,
        .init(
          forward: { A.sigmoid($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.sigmoidBackward(output: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "tanh", true,
        .init(
          forward: { A.tanh($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.tanhBackward(output: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "softplus", false,
        .init(
          forward: { A.softplus($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.softplusBackward(input: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "swish", false,
        .init(
          forward: { A.swish($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.swishBackward(input: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "gelu", false,
        .init(
          forward: { A.gelu($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.geluBackward(input: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
      (
        "geluTanh", false,
        .init(
          forward: { A.geluTanh($0, into: $1, count: $2, pool: $3) },
          backward: {
            A.geluTanhBackward(input: $0, $1, into: $2, count: $3, accumulate: $4, pool: $5)
          })
      ),
    ]
  }

  static let cases = zip(functions(Float.self), functions(Double.self)).map {
    Case(name: $0.0, fromOutput: $0.1, float: $0.2, double: $1.2)
  }

  @Test(arguments: cases)
  func floatAgreesWithDouble(_ function: Case) {
    let pool = WorkerPool(threads: 2)
    let special = [
      0, -0.0, 1e-30, -1e-30, 1e-4, -1e-4, 0.3, -0.3, 0.7, -0.7, 5, -5, 9, -9, 17, -17, 40, -40, 88,
      -88, 100, -100, 1e4, -1e4, 1e15, .nan,
    ]
    for count in oddLengths {
      let all = special + normals(max(0, count - special.count), scale: 3)
      let x = all.prefix(count).map { Double(Float($0)) }
      let dy = normals(count, "dy")
      let fast = Guarded<Float>(garbage: count, offset: 1)
      let slow = Guarded<Double>(garbage: count)
      function.float.forward(Guarded<Float>(x, offset: 3).base, fast.base, count, pool)
      function.double.forward(Guarded<Double>(x).base, slow.base, count, pool)
      expectClose(fast.values, slow.values, within: 1e-6, "\(function.name), \(count) elements")
      fast.expectUntouchedMargins()

      let values = function.fromOutput ? fast.values : x
      for accumulate in [false, true] {
        let dx = accumulate ? normals(count, "dx") : Array(repeating: .nan, count: count)
        let fastGradient = Guarded<Float>(dx, offset: 1)
        let slowGradient = Guarded<Double>(dx)
        function.float.backward(
          Guarded<Float>(values, offset: 2).base, Guarded<Float>(dy, offset: 3).base,
          fastGradient.base, count, accumulate, pool)
        function.double.backward(
          Guarded<Double>(values).base, Guarded<Double>(dy).base, slowGradient.base, count,
          accumulate, pool)
        expectClose(
          fastGradient.values, slowGradient.values, within: 4e-6, "\(function.name) backward")
        fastGradient.expectUntouchedMargins()
      }
    }
  }

  @Test(arguments: cases)
  func doubleGradientsAreThoseOfDifferences(_ function: Case) {
    let pool = WorkerPool(threads: 1)
    let x = [-4, -1.7, -0.6, -0.2, 0.3, 0.9, 2.5, 4]
    let step = 1e-3
    func forward(_ shift: Double) -> [Double] {
      let y = Guarded<Double>(garbage: x.count)
      function.double.forward(Guarded<Double>(x.map { $0 + shift }).base, y.base, x.count, pool)
      return y.values
    }
    let values = Guarded<Double>(function.fromOutput ? forward(0) : x)
    let dx = Guarded<Double>(garbage: x.count)
    let ones = Guarded<Double>(x.map { _ in 1 })
    function.double.backward(values.base, ones.base, dx.base, x.count, false, pool)
    let points = [forward(-2 * step), forward(-step), forward(step), forward(2 * step)]
    let expected = x.indices.map {
      (points[0][$0] - 8 * points[1][$0] + 8 * points[2][$0] - points[3][$0]) / (12 * step)
    }
    expectClose(dx.values, expected, within: 1e-10, function.name)
  }

  @Test(arguments: cases)
  func worksInPlace(_ function: Case) {
    let pool = WorkerPool(threads: 2)
    let x = Guarded<Float>(normals(1_003))
    let y = Guarded<Float>(garbage: 1_003)
    function.float.forward(x.base, y.base, x.count, pool)
    let dy = Guarded<Float>(normals(1_003, "dy"))
    let dx = Guarded<Float>(garbage: 1_003)
    function.float.backward(y.base, dy.base, dx.base, x.count, false, pool)
    function.float.backward(y.base, dy.base, dy.base, x.count, false, pool)
    #expect(dy.bits == dx.bits)
    function.float.forward(x.base, x.base, x.count, pool)
    #expect(x.bits == y.bits)
  }

  /// Small results too must be right in their leading digits; the errors are those that the C source states.
  @Test func smallResultsAreAccurate() {
    let pool = WorkerPool(threads: 1)
    let x = Guarded<Float>((-8_000...8_000).map { Double($0) * 0.01 }.filter { $0 != 0 })
    let y = Guarded<Float>(garbage: x.count)
    func expectAccurate(_ reference: (Double) -> Double, from low: Double, _ name: String) {
      let worst = zip(x.values, y.values).filter { $0.0 >= low }.map {
        abs($0.1 / reference($0.0) - 1)
      }.max()
      #expect(worst ?? 1 < 5e-7, "\(name)")
    }
    Activations.sigmoid(x.base, into: y.base, count: x.count, pool: pool)
    expectAccurate({ 1 / (1 + .exp(-$0)) }, from: -80, "sigmoid")
    Activations.tanh(x.base, into: y.base, count: x.count, pool: pool)
    expectAccurate(Double.tanh, from: -80, "tanh")
    Activations.softplus(x.base, into: y.base, count: x.count, pool: pool)
    expectAccurate({ .log(onePlus: .exp($0)) }, from: -80, "softplus")
    Activations.elu(x.base, alpha: 1, into: y.base, count: x.count, pool: pool)
    expectAccurate({ $0 < 0 ? .expMinusOne($0) : $0 }, from: -80, "elu")
  }

  @Test func infiniteInputsHaveTheirLimits() {
    let pool = WorkerPool(threads: 1)
    let x = Guarded<Float>([.infinity, -.infinity])
    let y = Guarded<Float>(garbage: 2)
    Activations.relu(x.base, into: y.base, count: 2, pool: pool)
    #expect(y.values == [.infinity, 0])
    Activations.sigmoid(x.base, into: y.base, count: 2, pool: pool)
    #expect(y.values == [1, 0])
    Activations.tanh(x.base, into: y.base, count: 2, pool: pool)
    #expect(y.values == [1, -1])
    Activations.softplus(x.base, into: y.base, count: 2, pool: pool)
    #expect(y.values == [.infinity, 0])
    Activations.elu(x.base, alpha: 2, into: y.base, count: 2, pool: pool)
    #expect(y.values == [.infinity, -2])
  }
}
