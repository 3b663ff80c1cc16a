import TensorCore
import Testing

@testable import Kernels

@Suite struct ConvolutionTests {
  static let cases: [ConvolutionGeometry] = [
    geometry(batch: 1, size: (1, 1), channels: 1, filters: 1, kernel: (1, 1)),
    geometry(batch: 3, size: (5, 7), channels: 2, filters: 3, kernel: (3, 3)),
    geometry(batch: 2, size: (6, 5), channels: 3, filters: 5, kernel: (3, 2), stride: (2, 1)),
    geometry(batch: 2, size: (6, 6), channels: 4, filters: 2, kernel: (3, 3), padding: 1),
    geometry(batch: 2, size: (9, 8), channels: 1, filters: 2, kernel: (2, 3), dilation: (2, 3)),
    geometry(batch: 5, size: (4, 4), channels: 6, filters: 7, kernel: (1, 1)),
    geometry(batch: 8, size: (64, 64), channels: 16, filters: 4, kernel: (1, 1)),
    geometry(batch: 2, size: (5, 5), channels: 2, filters: 2, kernel: (1, 1), stride: (2, 2)),
    geometry(batch: 40, size: (28, 28), channels: 1, filters: 8, kernel: (5, 5), padding: 2),
    geometry(batch: 20, size: (14, 14), channels: 16, filters: 16, kernel: (3, 3)),
    geometry(batch: 3, size: (17, 19), channels: 17, filters: 35, kernel: (3, 4), stride: (2, 2)),
    geometry(batch: 2, size: (9, 15), channels: 2, filters: 1, kernel: (3, 3), padding: 1),
    geometry(
      batch: 2, size: (8, 8), channels: 35, filters: 20, kernel: (5, 5), padding: 4),
    geometry(
      batch: 2, size: (20, 21), channels: 13, filters: 18, kernel: (3, 2), stride: (1, 2),
      dilation: (2, 3), padding: 2),
    geometry(batch: 2, size: (7, 9), channels: 33, filters: 5, kernel: (2, 3), padding: 4),
    geometry(batch: 40, size: (9, 12), channels: 16, filters: 3, kernel: (3, 3), padding: 1),
    geometry(batch: 2, size: (7, 6), channels: 4, filters: 6, kernel: (1, 1), padding: 1),
    geometry(batch: 3, size: (8, 9), channels: 32, filters: 16, kernel: (3, 3), padding: 1),
    geometry(batch: 17, size: (13, 12), channels: 32, filters: 32, kernel: (3, 3)),
    geometry(batch: 2, size: (9, 11), channels: 16, filters: 48, kernel: (3, 3), padding: 2),
    geometry(batch: 1, size: (4, 6), channels: 48, filters: 16, kernel: (3, 3)),
    geometry(batch: 2, size: (5, 5), channels: 64, filters: 16, kernel: (3, 3)),
    sequence(batch: 3, steps: 40, channels: 16, filters: 18, kernel: 3, before: 2),
    sequence(
      batch: 20, steps: 33, channels: 7, filters: 16, kernel: 5, stride: 2, before: 2, after: 1),
    sequence(batch: 2, steps: 50, channels: 13, filters: 3, kernel: 3, dilation: 4, before: 8),
    sequence(batch: 9, steps: 30, channels: 24, filters: 20, kernel: 4, before: 1, after: 2),
  ]

  /// Sequences as images one pixel high, with other zeros before them than after.
  static func sequence(
    batch: Int, steps: Int, channels: Int, filters: Int, kernel: Int, stride: Int = 1,
    dilation: Int = 1, before: Int, after: Int = 0
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputHeight: 1, inputWidth: steps, channels: channels, filters: filters,
      kernelHeight: 1, kernelWidth: kernel, strideWidth: stride, dilationWidth: dilation,
      paddingLeft: before, outputHeight: 1,
      outputWidth: (steps + before + after - (kernel - 1) * dilation - 1) / stride + 1)
  }

  static func geometry(
    batch: Int, size: (Int, Int), channels: Int, filters: Int, kernel: (Int, Int),
    stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1), padding: Int = 0
  ) -> ConvolutionGeometry {
    func extent(_ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
      (input + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1
    }
    return ConvolutionGeometry(
      batch: batch, inputHeight: size.0, inputWidth: size.1, channels: channels, filters: filters,
      kernelHeight: kernel.0, kernelWidth: kernel.1, strideHeight: stride.0,
      strideWidth: stride.1, dilationHeight: dilation.0, dilationWidth: dilation.1,
      paddingTop: padding, paddingLeft: padding,
      outputHeight: extent(size.0, kernel.0, stride.0, dilation.0),
      outputWidth: extent(size.1, kernel.1, stride.1, dilation.1))
  }

  /// Calls `body` with the offsets of x, kernel and y of every multiplication, straight from the definition.
  static func forEachProduct(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
    for n in 0..<g.batch {
      for oy in 0..<g.outputHeight {
        for ox in 0..<g.outputWidth {
          for ky in 0..<g.kernelHeight {
            for kx in 0..<g.kernelWidth {
              let y = oy * g.strideHeight - g.paddingTop + ky * g.dilationHeight
              let x = ox * g.strideWidth - g.paddingLeft + kx * g.dilationWidth
              guard (0..<g.inputHeight).contains(y), (0..<g.inputWidth).contains(x) else {
                continue
              }
              for c in 0..<g.channels {
                for f in 0..<g.filters {
                  body(
                    ((n * g.inputHeight + y) * g.inputWidth + x) * g.channels + c,
                    ((ky * g.kernelWidth + kx) * g.channels + c) * g.filters + f,
                    ((n * g.outputHeight + oy) * g.outputWidth + ox) * g.filters + f)
                }
              }
            }
          }
        }
      }
    }
  }

  private func check<S: Scalar>(
    _ type: S.Type, _ g: ConvolutionGeometry, _ method: Convolution.Method, binds: Bool = false,
    within tolerance: Double
  ) {
    func bound(_ products: [FixedProduct]) -> BoundProducts {
      binds ? BoundProducts(products, of: S.self) : .none
    }
    let pool = WorkerPool(threads: 2)
    let (xs, ks, ys) = (
      g.batch * g.inputCount, g.windowCount * g.filters, g.batch * g.outputCount
    )
    let (x, k, dy, bias) = (
      normals(xs, "x"), normals(ks, "k"), normals(ys, "dy"), normals(g.filters, "b")
    )
    var y = (0..<ys).map { bias[$0 % g.filters] }
    var (dx, dk, db) = (normals(xs, "dx"), normals(ks, "dk"), normals(g.filters, "db"))
    let (initialX, initialK, initialB) = (dx, dk, db)
    Self.forEachProduct(g) { xi, ki, yi in
      y[yi] += x[xi] * k[ki]
      dx[xi] += dy[yi] * k[ki]
      dk[ki] += dy[yi] * x[xi]
    }
    for (yi, value) in dy.enumerated() { db[yi % g.filters] += value }
    let scratch = Guarded<S>(garbage: Convolution.gradientScratchCount(g))
    let (gx, gk, gdy) = (Guarded<S>(x, offset: 1), Guarded<S>(k), Guarded<S>(dy, offset: 3))
    let initialY = normals(ys, "y")
    for accumulate in [false, true] {
      let gy = accumulate ? Guarded<S>(initialY) : Guarded<S>(garbage: ys)
      Convolution.forward(
        gx.base, kernel: gk.base, bias: Guarded<S>(bias).base, into: gy.base,
        accumulate: accumulate, g, products: bound(Convolution.forwardProducts(g)),
        scratch: scratch.base, pool: pool, method: method)
      expectClose(
        gy.values, accumulate ? zip(y, initialY).map(+) : y, within: tolerance, "forward")
      gy.expectUntouchedMargins()
      let gdx = accumulate ? Guarded<S>(initialX) : Guarded<S>(garbage: xs)
      let gdk = accumulate ? Guarded<S>(initialK) : Guarded<S>(garbage: ks)
      let gdb = accumulate ? Guarded<S>(initialB) : Guarded<S>(garbage: g.filters)
      Convolution.gradients(
        gx.base, kernel: gk.base, gdy.base,
        into: .init(
          input: gdx.gradient(accumulates: accumulate),
          kernel: gdk.gradient(accumulates: accumulate),
          bias: gdb.gradient(accumulates: accumulate)),
        g, products: bound(Convolution.gradientProducts(g)), scratch: scratch.base, pool: pool,
        method: method)
      expectClose(
        gdx.values, accumulate ? dx : zip(dx, initialX).map { $0 - $1 }, within: tolerance, "dx")
      expectClose(
        gdk.values, accumulate ? dk : zip(dk, initialK).map { $0 - $1 }, within: tolerance * 30,
        "dkernel")
      expectClose(
        gdb.values, accumulate ? db : zip(db, initialB).map { $0 - $1 }, within: tolerance * 30,
        "dbias")
      gdx.expectUntouchedMargins()
      gdk.expectUntouchedMargins()
      gdb.expectUntouchedMargins()
    }
    scratch.expectUntouchedMargins()
  }

  @Test(arguments: cases.indices)
  func productsOfWindowsAreTheDefinition(number: Int) {
    check(Double.self, Self.cases[number], .windows, within: 1e-11)
    check(Float.self, Self.cases[number], .windows, within: 5e-5)
    for binds in [false, true] {
      check(
        Float.self, Self.cases[number], .best(for: Float.self), binds: binds, within: 5e-5)
    }
    check(Float.self, Self.cases[number], .tiles, within: 5e-5)
  }

  /// The root of the mean squared error of y against the definition in `Double`, relative to y's own.
  private func error(of method: Convolution.Method, _ g: ConvolutionGeometry) -> Double {
    let (x, k) = (normals(g.batch * g.inputCount, "x"), normals(g.windowCount * g.filters, "k"))
    var y = [Double](repeating: 0, count: g.batch * g.outputCount)
    let (gx, gk) = (Guarded<Float>(x), Guarded<Float>(k))
    let (roundedX, roundedK) = (gx.values.map { Double($0) }, gk.values.map { Double($0) })
    Self.forEachProduct(g) { xi, ki, yi in y[yi] += roundedX[xi] * roundedK[ki] }
    let gy = Guarded<Float>(garbage: y.count)
    Convolution.forward(
      gx.base, kernel: gk.base, bias: nil, into: gy.base, accumulate: false, g,
      scratch: Guarded<Float>(garbage: Convolution.scratchCount(g)).base,
      pool: WorkerPool(threads: 2), method: method)
    let errors = zip(gy.values, y).map { (Double($0) - $1) * (Double($0) - $1) }
    return (errors.reduce(0, +) / y.map { $0 * $0 }.reduce(0, +)).squareRoot()
  }

  @Test func transformedTilesAreNearlyAsExactAsPlainOnes() {
    let g = Self.geometry(
      batch: 4, size: (12, 12), channels: 64, filters: 64, kernel: (3, 3), padding: 1)
    #expect(g.suitsWinograd && g.reversed.suitsWinograd)
    let (plain, transformed) = (error(of: .tiles, g), error(of: .winograd, g))
    #expect(plain < 1e-6 && transformed < 3 * plain, "\(transformed), \(plain) without")
  }

  @Test(arguments: [false, true]) func theBitsAreTheSameForAnyThreads(binds: Bool) {
    func bound(_ products: [FixedProduct]) -> BoundProducts {
      binds ? BoundProducts(products, of: Float.self) : .none
    }
    let g = Self.geometry(
      batch: 40, size: (14, 14), channels: 32, filters: 16, kernel: (3, 3), padding: 1)
    expectSameForAnyThreads { pool in
      let scratch = Guarded<Float>(garbage: Convolution.gradientScratchCount(g))
      let x = Guarded<Float>(normals(g.batch * g.inputCount))
      let dy = Guarded<Float>(normals(g.batch * g.outputCount, "dy"))
      let kernel = Guarded<Float>(normals(g.windowCount * g.filters, "k"))
      let (y, dx) = (
        Guarded<Float>(garbage: g.batch * g.outputCount),
        Guarded<Float>(garbage: g.batch * g.inputCount)
      )
      let dk = Guarded<Float>(garbage: g.windowCount * g.filters)
      Convolution.forward(
        x.base, kernel: kernel.base, bias: nil, into: y.base, g,
        products: bound(Convolution.forwardProducts(g)), scratch: scratch.base, pool: pool)
      Convolution.gradients(
        x.base, kernel: kernel.base, dy.base,
        into: .init(
          input: dx.gradient(accumulates: false), kernel: dk.gradient(accumulates: false),
          bias: nil),
        g, products: bound(Convolution.gradientProducts(g)), scratch: scratch.base, pool: pool)
      let alone = Guarded<Float>(garbage: g.batch * g.inputCount)
      Convolution.inputGradient(
        dy.base, kernel: kernel.base, into: alone.base, accumulate: false, g,
        products: bound(Convolution.inputGradientProducts(g)), scratch: scratch.base, pool: pool)
      #expect(alone.bits == dx.bits)
      return [y.bits, dx.bits, dk.bits]
    }
  }
}
