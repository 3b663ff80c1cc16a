import Kernels
import TensorCore
import Testing

@Suite struct GRUCellTests {
  /// One step of a batch-first sequence, the second of three, with everything that goes in and comes out.
  private struct Step<S: Scalar> {
    static var times: Int { 3 }
    let rows: Int
    let units: Int
    let gates: Guarded<S>
    let product: Guarded<S>
    let sequence: Guarded<S>
    let gradients: Guarded<S>
    let hidden: Guarded<S>

    init(rows: Int, units: Int, shift: (index: Int, by: Double)? = nil) {
      self.rows = rows
      self.units = units
      let count = rows * units * Self.times
      var a = normals(3 * count, "a", scale: 2)
      if let shift { a[shift.index] += shift.by }
      gates = Guarded(a, offset: 1)
      product = Guarded(normals(count, "q"), offset: 3)
      sequence = Guarded(normals(count, "h"), offset: 2)
      gradients = Guarded(normals(count, "dy"), offset: 1)
      hidden = Guarded(normals(rows * units, "dh"), offset: 2)
    }

    /// The rows of one time step.
    func rows(_ memory: Guarded<S>, of columns: Int, at time: Int) -> StridedRows<S> {
      StridedRows(memory.base + time * columns, stride: Self.times * columns)
    }

    func forward(first: Bool = false) {
      GRUCell.forward(
        gates: rows(gates, of: 3 * units, at: 1), product: rows(product, of: units, at: 1),
        previous: first ? nil : rows(sequence, of: units, at: 0),
        output: rows(sequence, of: units, at: 1), rows: rows, units: units)
    }

    func backward(first: Bool = false, top: Bool = true) {
      GRUCell.backward(
        gates: rows(gates, of: 3 * units, at: 1), product: rows(product, of: units, at: 1),
        previous: first ? nil : rows(sequence, of: units, at: 0),
        outputGradient: top ? rows(gradients, of: units, at: 1) : nil,
        hiddenGradient: StridedRows(hidden.base, stride: units), rows: rows, units: units)
    }

    var everything: [Guarded<S>] { [gates, product, sequence, gradients, hidden] }

    /// The sum that the gradients given to backward belong to.
    var weighted: Double {
      (0..<rows * units).reduce(0) { sum, index in
        let place = (index / units * Self.times + 1) * units + index % units
        return sum
          + (gradients.values[place] + hidden.values[index]) * sequence.values[place]
      }
    }
  }

  @Test(arguments: [1, 2, 7, 15, 16, 17, 100, 127, 128, 129, 257])
  func floatAgreesWithDouble(units: Int) {
    for (first, top) in [(false, true), (true, true), (false, false)] {
      let (fast, slow) = (Step<Float>(rows: 5, units: units), Step<Double>(rows: 5, units: units))
      fast.forward(first: first)
      slow.forward(first: first)
      for (got, expected) in zip(fast.everything, slow.everything) {
        expectClose(got.values, expected.values, within: 2e-6)
        got.expectUntouchedMargins()
      }
      fast.backward(first: first, top: top)
      slow.backward(first: first, top: top)
      for (got, expected) in zip(fast.everything, slow.everything) {
        expectClose(got.values, expected.values, within: 5e-6)
        got.expectUntouchedMargins()
      }
    }
  }

  @Test func forwardIsTheFormula() {
    let gates = Guarded<Double>([0.5, -1, 2])
    let (product, before) = (Guarded<Double>([0.25]), Guarded<Double>([0.75]))
    let output = Guarded<Double>(garbage: 1)
    GRUCell.forward(
      gates: StridedRows(gates.base, stride: 3), product: StridedRows(product.base, stride: 1),
      previous: StridedRows(before.base, stride: 1), output: StridedRows(output.base, stride: 1),
      rows: 1, units: 1)
    // σ(0.5), σ(-1), tanh(2 + 0.25 σ(-1))
    expectClose(
      gates.values, [0.6224593312018546, 0.2689414213699951, 0.9684823584666147], within: 1e-15)
    expectClose(output.values, [0.8324859757360819], within: 1e-15)
  }

  @Test func backwardIsTheDerivative() {
    let (rows, units) = (2, 3)
    let step = Step<Double>(rows: rows, units: units)
    step.forward()
    step.backward()
    let h = 1e-3
    for n in 0..<rows {
      for column in 0..<3 * units {
        let index = (n * Step<Double>.times + 1) * 3 * units + column
        let sums = [-2, -1, 1, 2].map { times in
          let shifted = Step<Double>(rows: rows, units: units, shift: (index, times * h))
          shifted.forward()
          return shifted.weighted
        }
        let difference = (sums[0] - 8 * sums[1] + 8 * sums[2] - sums[3]) / (12 * h)
        #expect(abs(step.gates.values[index] - difference) < 1e-10)
      }
    }
  }
}
