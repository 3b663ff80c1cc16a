import Kernels
import TensorCore
import Testing

@Suite struct OptimizerUpdatesTests {
  /// One update in both types: values, gradients, moments, count, rows, number of the step, pool.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let moments: Int
    let float: Update<Float>
    let double: Update<Double>
    /// Values after three steps from `start` with `gradients`, from PyTorch 2 in Float64.
    let expected: [Double]
    var testDescription: String { name }
  }
  typealias Update<S: Scalar> =
    @Sendable (
      UnsafeMutablePointer<S>, UnsafePointer<S>, [UnsafeMutablePointer<S>], Int, RowSet?, Int,
      WorkerPool
    ) -> Void

  static let start = [0.5, -1.25, 2]
  static let gradients = [[0.3, -0.7, 0.01], [-0.2, -0.9, 0.02], [0.6, 0.4, -0.03]]
  static let step = OptimizerUpdates.Step(learningRate: 0.1, decay: 0.05, gradientScale: 0.5)

  static func updates<S: Scalar>(_: S.Type) -> [(String, Int, Update<S>)] {
    typealias U = OptimizerUpdates
    return [
      (
        "sgd", 0,
        { w, g, _, n, r, _, p in U.sgd(w, gradients: g, count: n, rows: r, step, pool: p) }
      ),
      (
        "momentum", 1,
        { w, g, m, n, r, _, p in
          U.sgd(
            w, gradients: g, velocity: m[0], count: n, rows: r, step, momentum: 0.9,
            nesterov: false, pool: p
          )
        }
      ),
      (
        "nesterov", 1,
        { w, g, m, n, r, _, p in
          U.sgd(
            w, gradients: g, velocity: m[0], count: n, rows: r, step, momentum: 0.9, nesterov: true,
            pool: p)
        }
      ),
      (
        "adam", 2,
        { w, g, m, n, r, t, p in
          U.adam(
            w, gradients: g, mean: m[0], square: m[1], count: n, rows: r, number: t, step,
            beta1: 0.9,
            beta2: 0.99, epsilon: 1e-6, pool: p)
        }
      ),
      (
        "adamw", 2,
        { w, g, m, n, r, t, p in
          let plain = U.Step(learningRate: 0.1, gradientScale: 0.5)
          U.adam(
            w, gradients: g, mean: m[0], square: m[1], count: n, rows: r, number: t, plain,
            shrinkage: 0.1 * 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, pool: p)
        }
      ),
      (
        "rmsprop", 1,
        { w, g, m, n, r, _, p in
          U.rmsprop(
            w, gradients: g, square: m[0], count: n, rows: r, step, rho: 0.9, epsilon: 1e-6, pool: p
          )
        }
      ),
      (
        "rmsprop with momentum", 2,
        { w, g, m, n, r, _, p in
          U.rmsprop(
            w, gradients: g, square: m[0], velocity: m[1], count: n, rows: r, step, rho: 0.9,
            epsilon: 1e-6, momentum: 0.5, pool: p)
        }
      ),
      (
        "adagrad", 1,
        { w, g, m, n, r, t, p in
          U.adagrad(
            w, gradients: g, sum: m[0], count: n, rows: r, step, start: t == 1 ? 0.1 : 0,
            epsilon: 1e-6, pool: p)
        }
      ),
      (
        "adadelta", 2,
        { w, g, m, n, r, _, p in
          U.adadelta(
            w, gradients: g, square: m[0], stepSquare: m[1], count: n, rows: r, step, rho: 0.9,
            epsilon: 1e-6, pool: p)
        }
      ),
    ]
  }

  static let torch: [[Double]] = [
    [0.4576370625, -1.1719177187499998, 1.9701597375],
    [0.43461956249999995, -1.05562646875, 1.9423992374999999],
    [0.39915519918750003, -0.9984207016562499, 1.9186678945125002],
    [0.3034588434339931, -0.9886029836084135, 1.702110827994596],
    [0.31877595083764837, -0.9812844442412205, 1.7819157441494624],
    [0.060413044750769807, -0.7695921374965083, 1.337123647424741],
    [-0.09915994994822494, -0.41193975342049105, 1.0064239240226691],
    [0.40665177801766145, -1.120254538661889, 1.9147912830311846],
    [0.49945019841641364, -1.2494517229202624, 1.9990697583097718],
  ]

  static let cases = zip(zip(updates(Float.self), updates(Double.self)), torch).map {
    Case(name: $0.0.0, moments: $0.0.1, float: $0.0.2, double: $0.1.2, expected: $1)
  }

  @Test(arguments: cases)
  func threeStepsArePyTorchs(_ optimizer: Case) {
    let pool = WorkerPool(threads: 1)
    let values = Guarded<Double>(Self.start)
    let moments = (0..<optimizer.moments).map { _ in Guarded<Double>([0, 0, 0]) }
    for (index, gradient) in Self.gradients.enumerated() {
      optimizer.double(
        values.base, Guarded<Double>(gradient).base, moments.map(\.base), 3, nil, index + 1, pool)
    }
    expectClose(values.values, optimizer.expected, within: 1e-12, optimizer.name)
  }

  @Test(arguments: cases)
  func floatAgreesWithDouble(_ optimizer: Case) {
    let pool = WorkerPool(threads: 2)
    for count in oddLengths {
      let fast = Guarded<Float>(normals(count, "w"), offset: 1)
      let slow = Guarded<Double>(normals(count, "w"))
      // Not zero: roots of squares near 0 would magnify the rounding of the gradient without bound.
      let moments = Array(repeating: 0.0625, count: count)
      let fastMoments = (0..<optimizer.moments).map { Guarded<Float>(moments, offset: $0 + 2) }
      let slowMoments = (0..<optimizer.moments).map { _ in Guarded<Double>(moments) }
      for number in 1...3 {
        let gradients = normals(count, "g\(number)")
        let given = Guarded<Float>(gradients, offset: 3)
        optimizer.float(fast.base, given.base, fastMoments.map(\.base), count, nil, number, pool)
        optimizer.double(
          slow.base, Guarded<Double>(gradients).base, slowMoments.map(\.base), count, nil, number,
          pool)
        #expect(given.values == gradients)
      }
      expectClose(fast.values, slow.values, within: 2e-6, "\(optimizer.name), \(count)")
      for (fastMoment, slowMoment) in zip(fastMoments, slowMoments) {
        expectClose(fastMoment.values, slowMoment.values, within: 2e-6, "\(optimizer.name) moment")
        fastMoment.expectUntouchedMargins()
      }
      fast.expectUntouchedMargins()
    }
  }

  @Test(arguments: cases)
  func sameBitsForAnyThreadsAndAnySegments(_ optimizer: Case) {
    let count = 100_003
    func run(_ pool: WorkerPool, cuts: [Int]) -> [[Float]] {
      let values = Guarded<Float>(normals(count, "w"))
      let gradients = Guarded<Float>(normals(count, "g"))
      let moments = (0..<optimizer.moments).map { _ in
        Guarded<Float>(Array(repeating: 0.25, count: count))
      }
      for (from, to) in zip(cuts, cuts.dropFirst()) {
        optimizer.float(
          values.base + from, UnsafePointer(gradients.base + from),
          moments.map { $0.base + from }, to - from, nil, 2, pool)
      }
      return [values.bits] + moments.map(\.bits)
    }
    expectSameForAnyThreads { run($0, cuts: [0, count]) }
    let pool = WorkerPool(threads: 4)
    #expect(run(pool, cuts: [0, 5, 33, 70_001, count]) == run(pool, cuts: [0, count]))
  }

  /// Of a table whose gradient comes by rows the memory of all others is not read, and each number is what zeros give.
  @Test(arguments: cases)
  func gradientsOfOtherRowsAreZero(_ optimizer: Case) {
    let (tableRows, width) = (900, 37)
    let rows = RowSet(of: tableRows)
    // Single rows, neighbours, and a gap that is longer than the zeros that lie ready.
    for row in 0..<tableRows where row % 7 == 3 || (40..<60).contains(row) {
      if !(200..<600).contains(row) { rows.insert(row) }
    }
    let count = tableRows * width
    let gradients = normals(count, "g")
    func run<S: Scalar>(
      _ update: Update<S>, filling: Double, rows given: RowSet?, _ pool: WorkerPool
    ) -> [[S]] {
      let values = Guarded<S>(normals(count, "w"))
      let moments = (0..<optimizer.moments).map { _ in
        Guarded<S>(Array(repeating: 0.25, count: count))
      }
      let known = gradients.enumerated().map { rows.contains($0 / width) ? $1 : filling }
      update(
        values.base, Guarded<S>(known).base, moments.map(\.base), count, given, 2, pool)
      return [values.bits] + moments.map(\.bits)
    }
    let one = WorkerPool(threads: 1)
    let single = run(optimizer.float, filling: 0, rows: nil, one)
    expectSameForAnyThreads { run(optimizer.float, filling: .nan, rows: rows, $0) }
    #expect(run(optimizer.float, filling: .nan, rows: rows, one) == single)
    #expect(
      run(optimizer.double, filling: .nan, rows: rows, one)
        == run(optimizer.double, filling: 0, rows: nil, one))
  }
}
