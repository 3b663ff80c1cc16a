import Kernels
import TensorCore
import Testing

@Suite struct StepAveragesTests {
  struct Case: Sendable {
    var (steps, channels, window, stride, before, outputs) = (0, 0, 0, 0, 0, 0)

    init(_ steps: Int, _ channels: Int, window: Int, stride: Int, before: Int, outputs: Int) {
      (self.steps, self.channels, self.window) = (steps, channels, window)
      (self.stride, self.before, self.outputs) = (stride, before, outputs)
    }
  }

  /// Side by side, moving, padded, longer than the sequence, the whole sequence.
  static let cases = [
    Case(9, 3, window: 2, stride: 2, before: 0, outputs: 4),
    Case(50, 7, window: 25, stride: 1, before: 12, outputs: 50),
    Case(8, 17, window: 4, stride: 1, before: 1, outputs: 8),
    Case(11, 2, window: 5, stride: 3, before: 2, outputs: 4),
    Case(4, 5, window: 9, stride: 1, before: 4, outputs: 4),
    Case(6, 16, window: 6, stride: 1, before: 0, outputs: 1),
  ]
  private static let batch = 40

  @Test(arguments: cases, [StepAverages.Edge.excluded, .repeated])
  func meansAgreeWithTheDefinition(_ g: Case, _ edge: StepAverages.Edge) {
    check(Float.self, g, edge, tolerance: 4e-6)
    check(Double.self, g, edge, tolerance: 1e-14)
  }

  private func check<S: Scalar>(
    _: S.Type, _ g: Case, _ edge: StepAverages.Edge, tolerance: Double
  ) {
    let row = g.steps * g.channels
    let x = normals(Self.batch * row)
    let dy = normals(Self.batch * g.outputs * g.channels, "dy")
    var y: [Double] = []
    var gradient = x.map { _ in 0.0 }
    for n in 0..<Self.batch {
      for output in 0..<g.outputs {
        let window = (0..<g.window).map { output * g.stride - g.before + $0 }
        let steps =
          edge == .repeated
          ? window.map { min(max(0, $0), g.steps - 1) }
          : window.filter { (0..<g.steps).contains($0) }
        for c in 0..<g.channels {
          let places = steps.map { n * row + $0 * g.channels + c }
          for place in places { gradient[place] += dy[y.count] / Double(places.count) }
          y.append(places.reduce(0) { $0 + x[$1] } / Double(places.count))
        }
      }
    }
    let averages = StepAverages(
      batch: Self.batch, steps: g.steps, channels: g.channels, window: g.window,
      stride: g.stride, paddingBefore: g.before, outputs: g.outputs, edge: edge)
    let pool = WorkerPool(threads: 2)
    let (input, output) = (Guarded<S>(x, offset: 1), Guarded<S>(garbage: y.count, offset: 3))
    averages.forward(input.base, into: output.base, pool: pool)
    expectClose(output.values, y, within: tolerance)
    for accumulate in [false, true] {
      let start = accumulate ? normals(x.count, "dx") : x.map { _ in .nan }
      let (dx, upstream) = (Guarded<S>(start, offset: 2), Guarded<S>(dy, offset: 1))
      averages.backward(upstream.base, into: dx.base, accumulate: accumulate, pool: pool)
      expectClose(
        dx.values, accumulate ? zip(start, gradient).map { $0 + $1 } : gradient, within: tolerance)
      for memory in [input, output, dx] { memory.expectUntouchedMargins() }
    }
  }
}
