import Kernels
import TensorCore
import Testing

@Suite struct LSTMCellTests {
  /// One step of a batch-first sequence, the second of three, with everything that goes in and comes out.
  private struct Step<S: Scalar> {
    static var times: Int { 3 }
    let rows: Int
    let units: Int
    let sequence: Guarded<S>
    let gates: Guarded<S>
    let cells: Guarded<S>
    let gradients: Guarded<S>
    let hidden: Guarded<S>
    let cellGradient: Guarded<S>

    init(rows: Int, units: Int, shift: (index: Int, by: Double)? = nil) {
      self.rows = rows
      self.units = units
      let count = rows * units * Self.times
      var z = normals(4 * count, "z", scale: 2)
      if let shift { z[shift.index] += shift.by }
      gates = Guarded(z, offset: 1)
      sequence = Guarded(normals(count, "h"), offset: 2)
      cells = Guarded(normals(count, "c"), offset: 3)
      gradients = Guarded(normals(count, "dy"), offset: 1)
      hidden = Guarded(normals(rows * units, "dh"), offset: 2)
      cellGradient = Guarded(normals(rows * units, "dc"), offset: 3)
    }

    /// The rows of one time step.
    func rows(_ memory: Guarded<S>, of columns: Int, at time: Int) -> StridedRows<S> {
      StridedRows(memory.base + time * columns, stride: Self.times * columns)
    }

    func forward(first: Bool = false) {
      LSTMCell.forward(
        gates: rows(gates, of: 4 * units, at: 1),
        previousCell: first ? nil : rows(cells, of: units, at: 0),
        cell: rows(cells, of: units, at: 1), output: rows(sequence, of: units, at: 1),
        rows: rows, units: units)
    }

    func backward(first: Bool = false, last: Bool = false, top: Bool = true) {
      LSTMCell.backward(
        gates: rows(gates, of: 4 * units, at: 1),
        previousCell: first ? nil : rows(cells, of: units, at: 0),
        cell: rows(cells, of: units, at: 1),
        outputGradient: top ? rows(gradients, of: units, at: 1) : nil,
        hiddenGradient: last ? nil : StridedRows(hidden.base, stride: units),
        cellGradient: StridedRows(cellGradient.base, stride: units),
        into: rows(gates, of: 4 * units, at: 1), rows: rows, units: units)
    }

    var everything: [Guarded<S>] { [gates, sequence, cells, gradients, hidden, cellGradient] }
  }

  @Test(arguments: [1, 2, 7, 15, 16, 17, 100, 127, 128, 129, 257])
  func floatAgreesWithDouble(units: Int) {
    for rows in [1, 5, 70] {
      for (first, last, top) in [(false, false, true), (true, true, true), (false, false, false)] {
        let fast = Step<Float>(rows: rows, units: units)
        let slow = Step<Double>(rows: rows, units: units)
        fast.forward(first: first)
        slow.forward(first: first)
        // Other time steps have kept their values, which are the same in both.
        for (got, expected) in zip(fast.everything, slow.everything) {
          expectClose(got.values, expected.values, within: 2e-6)
          got.expectUntouchedMargins()
        }
        fast.backward(first: first, last: last, top: top)
        slow.backward(first: first, last: last, top: top)
        for (got, expected) in zip(fast.everything, slow.everything) {
          expectClose(got.values, expected.values, within: 5e-6)
          got.expectUntouchedMargins()
        }
      }
    }
  }

  @Test func forwardIsTheFormula() {
    let values = Guarded<Double>([0.5, -1, 2, 0.25])
    let (before, cell, output) = (
      Guarded<Double>([0.75]), Guarded<Double>(garbage: 1), Guarded<Double>(garbage: 1)
    )
    LSTMCell.forward(
      gates: StridedRows(values.base, stride: 4), previousCell: StridedRows(before.base, stride: 1),
      cell: StridedRows(cell.base, stride: 1), output: StridedRows(output.base, stride: 1),
      rows: 1, units: 1)
    // σ(0.5), σ(-1), tanh(2), σ(0.25)
    expectClose(
      values.values,
      [0.6224593312018546, 0.2689414213699951, 0.9640275800758169, 0.5621765008857981],
      within: 1e-15)
    expectClose(cell.values, [0.8017740287816316], within: 1e-15)
    expectClose(output.values, [0.37386276673287355], within: 1e-15)
  }

  /// The sum that the gradients given to backward belong to.
  private func weighted(_ step: Step<Double>) -> Double {
    var sum = 0.0
    for n in 0..<step.rows {
      for u in 0..<step.units {
        let place = (n * Step<Double>.times + 1) * step.units + u
        let dh = step.gradients.values[place] + step.hidden.values[n * step.units + u]
        sum += dh * step.sequence.values[place]
        sum += step.cellGradient.values[n * step.units + u] * step.cells.values[place]
      }
    }
    return sum
  }

  @Test func backwardIsTheDerivative() {
    let (rows, units) = (2, 3)
    let step = Step<Double>(rows: rows, units: units)
    step.forward()
    step.backward()
    let h = 1e-3
    for n in 0..<rows {
      for column in 0..<4 * units {
        let index = (n * Step<Double>.times + 1) * 4 * units + column
        let sums = [-2, -1, 1, 2].map { times in
          let shifted = Step<Double>(rows: rows, units: units, shift: (index, times * h))
          shifted.forward()
          return weighted(shifted)
        }
        let difference = (sums[0] - 8 * sums[1] + 8 * sums[2] - sums[3]) / (12 * h)
        #expect(abs(step.gates.values[index] - difference) < 1e-10)
      }
    }
    // dc_before = dc f, by the chain through c alone.
    for n in 0..<rows {
      for u in 0..<units {
        let place = (n * Step<Double>.times) * units + u
        let fresh = Step<Double>(rows: rows, units: units)
        let sums = [-2.0, -1, 1, 2].map { times in
          let shifted = Step<Double>(rows: rows, units: units)
          shifted.cells.base[place] = fresh.cells.base[place] + times * h
          shifted.forward()
          return weighted(shifted)
        }
        let difference = (sums[0] - 8 * sums[1] + 8 * sums[2] - sums[3]) / (12 * h)
        #expect(abs(step.cellGradient.values[n * units + u] - difference) < 1e-10)
      }
    }
  }
}
