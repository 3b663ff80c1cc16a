import Kernels
import TensorCore
import Testing

@Suite struct SimpleRNNCellTests {
  @Test(arguments: [1, 7, 16, 33, 129], [SimpleRNNCell.Activation.tanh, .relu])
  func floatAgreesWithDouble(units: Int, activation: SimpleRNNCell.Activation) {
    check(Float.self, units, activation, tolerance: 2e-6)
    check(Double.self, units, activation, tolerance: 1e-14)
  }

  /// Against the definition, for the second of three steps of sequences.
  private func check<S: Scalar>(
    _: S.Type, _ units: Int, _ activation: SimpleRNNCell.Activation, tolerance: Double
  ) {
    let (rows, steps) = (5, 3)
    let count = rows * steps * units
    let (z, dy, dh) = (normals(count, "z"), normals(count, "dy"), normals(rows * units, "dh"))
    let sums = Guarded<S>(z, offset: 1)
    let hidden = Guarded<S>(garbage: count, offset: 2)
    func step(_ memory: Guarded<S>) -> StridedRows<S> {
      StridedRows(memory.base + units, stride: steps * units)
    }
    SimpleRNNCell.forward(
      activation, sums: step(sums), output: step(hidden), rows: rows, units: units)
    for hasOutput in [true, false] {
      let gradient = Guarded<S>(garbage: count, offset: 3)
      SimpleRNNCell.backward(
        activation, output: step(hidden),
        outputGradient: hasOutput ? step(Guarded<S>(dy, offset: 1)) : nil,
        hiddenGradient: StridedRows(Guarded<S>(dh).base, stride: units), into: step(gradient),
        rows: rows, units: units)
      for row in 0..<rows {
        for unit in 0..<units {
          let place = (row * steps + 1) * units + unit
          let h = activation == .tanh ? Double.tanh(z[place]) : max(0, z[place])
          let slope = activation == .tanh ? 1 - h * h : h > 0 ? 1 : 0
          let dz = ((hasOutput ? dy[place] : 0) + dh[row * units + unit]) * slope
          #expect(abs(hidden.values[place] - h) <= tolerance * max(1, abs(h)))
          #expect(abs(gradient.values[place] - dz) <= 4 * tolerance * max(1, abs(dz)))
        }
      }
      gradient.expectUntouchedMargins()
    }
    hidden.expectUntouchedMargins()
  }
}
