import Kernels
import TensorCore
import Testing

@Suite struct UpsamplingTests {
  private func row(_ values: [Double], by factor: Int, _ interpolation: Upsampling.Interpolation)
    -> [Double]
  {
    let upsampling = Upsampling(
      batch: 1, height: 1, width: values.count, channels: 1, heightFactor: 1,
      widthFactor: factor, interpolation: interpolation)
    let y = Guarded<Double>(garbage: values.count * factor)
    upsampling.forward(Guarded<Double>(values).base, into: y.base, pool: WorkerPool(threads: 1))
    y.expectUntouchedMargins()
    return y.values
  }

  @Test func nearestRepeats() {
    #expect(row([1, 5], by: 3, .nearest) == [1, 1, 1, 5, 5, 5])
  }

  /// Centres of new pixels lie at -1/4, 1/4, 3/4, 5/4 on the scale of the old ones.
  @Test func bilinearIsConstantBeyondTheOutermostPixels() {
    #expect(row([1, 5], by: 2, .bilinear) == [1, 2, 4, 5])
  }

  /// <forward x, dy> = <x, backward dy>, for both scalar types and several chunks.
  @Test(arguments: [Upsampling.Interpolation.nearest, .bilinear])
  func backwardIsTheTransposeOfForward(_ interpolation: Upsampling.Interpolation) {
    let upsampling = Upsampling(
      batch: 9, height: 14, width: 13, channels: 17, heightFactor: 2, widthFactor: 3,
      interpolation: interpolation)
    let count = 9 * 14 * 13 * 17
    let (x, dy) = (normals(count, "x"), normals(count * 6, "dy"))
    let (y, dx) = (Guarded<Float>(garbage: count * 6), Guarded<Float>(garbage: count))
    let pool = WorkerPool(threads: 2)
    upsampling.forward(Guarded<Float>(x).base, into: y.base, pool: pool)
    upsampling.backward(Guarded<Float>(dy).base, into: dx.base, accumulate: false, pool: pool)
    let outer = zip(y.values, dy).reduce(0) { $0 + $1.0 * $1.1 }
    let inner = zip(x, dx.values).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(outer - inner) < 1e-4 * Double(count).squareRoot())
    upsampling.backward(Guarded<Float>(dy).base, into: dx.base, accumulate: true, pool: pool)
    let twice = zip(x, dx.values).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(twice - 2 * inner) < 1e-4 * Double(count).squareRoot())
    y.expectUntouchedMargins()
    dx.expectUntouchedMargins()
  }
}
