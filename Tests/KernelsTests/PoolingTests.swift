import Kernels
import TensorCore
import Testing

@Suite struct PoolingTests {
  private let pool = WorkerPool(threads: 2)

  /// Windows side by side, overlapping, apart, padded, of odd images, of whole images, and one channel.
  static let geometries: [PoolingGeometry] = [
    geometry(2, 6, 8, 3, window: (2, 2), strides: (2, 2)),
    geometry(1, 7, 5, 17, window: (2, 2), strides: (2, 2)),
    geometry(3, 4, 4, 32, window: (2, 2), strides: (2, 2)),
    geometry(1, 8, 8, 1, window: (3, 3), strides: (1, 1)),
    geometry(2, 7, 9, 5, window: (3, 2), strides: (2, 3)),
    geometry(1, 9, 9, 4, window: (2, 2), strides: (3, 3)),
    geometry(2, 5, 5, 16, window: (3, 3), strides: (2, 2), padding: (1, 1), outputs: (3, 3)),
    geometry(2, 5, 5, 2, window: (2, 2), strides: (2, 2), padding: (0, 0), outputs: (3, 3)),
    geometry(2, 6, 4, 8, window: (6, 4), strides: (1, 1)),
    geometry(40, 12, 12, 30, window: (2, 2), strides: (2, 2)),
  ]

  static func geometry(
    _ batch: Int, _ height: Int, _ width: Int, _ channels: Int, window: (Int, Int),
    strides: (Int, Int), padding: (Int, Int) = (0, 0), outputs: (Int, Int)? = nil
  ) -> PoolingGeometry {
    PoolingGeometry(
      batch: batch, inputHeight: height, inputWidth: width, channels: channels,
      windowHeight: window.0, windowWidth: window.1, strideHeight: strides.0,
      strideWidth: strides.1, paddingTop: padding.0, paddingLeft: padding.1,
      outputHeight: outputs?.0 ?? (height - window.0) / strides.0 + 1,
      outputWidth: outputs?.1 ?? (width - window.1) / strides.1 + 1)
  }

  /// For each output element, the offsets of the inputs in its window that lie in the image.
  private func windows(_ g: PoolingGeometry) -> [[Int]] {
    var result: [[Int]] = []
    for image in 0..<g.batch {
      for row in 0..<g.outputHeight {
        for column in 0..<g.outputWidth {
          for channel in 0..<g.channels {
            var window: [Int] = []
            for ky in 0..<g.windowHeight {
              for kx in 0..<g.windowWidth {
                let y = row * g.strideHeight - g.paddingTop + ky
                let x = column * g.strideWidth - g.paddingLeft + kx
                if y >= 0 && y < g.inputHeight && x >= 0 && x < g.inputWidth {
                  window.append(
                    ((image * g.inputHeight + y) * g.inputWidth + x) * g.channels + channel)
                }
              }
            }
            result.append(window)
          }
        }
      }
    }
    return result
  }

  /// Rounded to halves, so that windows have equal maxima.
  private func coarse(_ count: Int) -> [Double] { normals(count).map { ($0 * 2).rounded() / 2 } }

  @Test(arguments: geometries)
  func maximaAgreeWithTheDefinition(_ g: PoolingGeometry) {
    let windows = windows(g)
    let x = coarse(g.batch * g.inputHeight * g.inputWidth * g.channels)
    let dy = normals(windows.count, "dy")
    var y: [Double] = []
    var gradient = x.map { _ in 0.0 }
    for (window, upstream) in zip(windows, dy) {
      var best = window[0]
      for pixel in window where x[pixel] > x[best] { best = pixel }
      y.append(x[best])
      gradient[best] += upstream
    }
    checkMaxima(Float.self, g, x, dy, y, gradient, tolerance: 1e-6)
    checkMaxima(Double.self, g, x, dy, y, gradient, tolerance: 1e-14)
  }

  private func checkMaxima<S: Scalar>(
    _: S.Type, _ g: PoolingGeometry, _ x: [Double], _ dy: [Double], _ y: [Double],
    _ gradient: [Double], tolerance: Double
  ) {
    let input = Guarded<S>(x, offset: 1)
    let output = Guarded<S>(garbage: y.count, offset: 3)
    let indices = Guarded<S>(garbage: y.count, offset: 2)
    MaxPooling.forward(input.base, into: output.base, indices: indices.base, g, pool: pool)
    #expect(output.values == y)
    for accumulate in [false, true] {
      let start = accumulate ? normals(x.count, "dx") : x.map { _ in .nan }
      let dx = Guarded<S>(start, offset: 1)
      let upstream = Guarded<S>(dy, offset: 2)
      MaxPooling.backward(
        upstream.base, indices: indices.base, into: dx.base, accumulate: accumulate, g, pool: pool)
      expectClose(
        dx.values, accumulate ? zip(start, gradient).map { $0 + $1 } : gradient, within: tolerance)
      for memory in [input, output, indices, dx] { memory.expectUntouchedMargins() }
    }
  }

  @Test(arguments: geometries)
  func meansAgreeWithTheDefinition(_ g: PoolingGeometry) {
    let windows = windows(g)
    let x = normals(g.batch * g.inputHeight * g.inputWidth * g.channels)
    let dy = normals(windows.count, "dy")
    let y = windows.map { window in window.reduce(0) { $0 + x[$1] } / Double(window.count) }
    var gradient = x.map { _ in 0.0 }
    for (window, upstream) in zip(windows, dy) {
      for pixel in window { gradient[pixel] += upstream / Double(window.count) }
    }
    checkMeans(Float.self, g, x, dy, y, gradient, tolerance: 2e-6)
    checkMeans(Double.self, g, x, dy, y, gradient, tolerance: 1e-14)
  }

  private func checkMeans<S: Scalar>(
    _: S.Type, _ g: PoolingGeometry, _ x: [Double], _ dy: [Double], _ y: [Double],
    _ gradient: [Double], tolerance: Double
  ) {
    let input = Guarded<S>(x, offset: 1)
    let output = Guarded<S>(garbage: y.count, offset: 3)
    AveragePooling.forward(input.base, into: output.base, g, pool: pool)
    expectClose(output.values, y, within: tolerance)
    for accumulate in [false, true] {
      let start = accumulate ? normals(x.count, "dx") : x.map { _ in .nan }
      let dx = Guarded<S>(start, offset: 2)
      let upstream = Guarded<S>(dy, offset: 1)
      AveragePooling.backward(
        upstream.base, into: dx.base, accumulate: accumulate, g, pool: pool)
      expectClose(
        dx.values, accumulate ? zip(start, gradient).map { $0 + $1 } : gradient, within: tolerance)
      for memory in [input, output, dx] { memory.expectUntouchedMargins() }
    }
  }

  /// What is not a number must not vanish, whichever place of the window it has.
  @Test func aMaximumShowsWhatIsNotANumber() {
    for place in 0..<4 {
      for stride in [1, 2] {
        var x = [1.0, 2, 3, 4]
        x[place] = .nan
        let g = Self.geometry(1, 2, 2, 1, window: (2, 2), strides: (stride, stride))
        let input = Guarded<Float>(x)
        let y = Guarded<Float>(garbage: 1)
        let indices = Guarded<Float>(garbage: 1)
        MaxPooling.forward(input.base, into: y.base, indices: indices.base, g, pool: pool)
        #expect(y.values[0].isNaN, "place \(place), stride \(stride)")
      }
    }
  }
}
