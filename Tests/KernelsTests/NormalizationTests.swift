import Kernels
import TensorCore
import Testing

@Suite struct NormalizationTests {
  private let pool = WorkerPool(threads: 2)
  static let sizes = [
    (2, 1), (3, 17), (5, 16), (7, 33), (40, 3), (9, 130), (700, 61), (3, 20_001), (20_000, 16),
  ]

  @Test(arguments: sizes)
  func columnsAgreeWithTheDefinition(rows: Int, columns: Int) {
    let count = rows * columns
    // Far from zero, where the difference of large sums would lose the variance.
    let x = normals(count).map { Double(Float($0 + 30)) }
    let dy = normals(count, "dy")
    let mean = (0..<columns).map { c in
      (0..<rows).reduce(0) { $0 + x[$1 * columns + c] } / Double(rows)
    }
    let variance = (0..<columns).map { c in
      (0..<rows).reduce(0) { sum, r in
        let distance = x[r * columns + c] - mean[c]
        return sum + distance * distance / Double(rows)
      }
    }
    let products = (0..<columns).map { c in
      (0..<rows).reduce(0) { $0 + dy[$1 * columns + c] * (x[$1 * columns + c] - mean[c]) }
    }
    let totals = (0..<columns).map { c in
      (0..<rows).reduce(0) { $0 + dy[$1 * columns + c] }
    }
    func check<S: Scalar>(_: S.Type, tolerance: Double) {
      let input = Guarded<S>(x, offset: 1)
      let upstream = Guarded<S>(dy, offset: 2)
      let scratch = Guarded<S>(
        garbage: ColumnStatistics.scratchCount(rows: rows, columns: columns))
      let means = Guarded<S>(garbage: columns, offset: 3)
      let squares = Guarded<S>(garbage: columns, offset: 1)
      let productSums = Guarded<S>(garbage: columns)
      let sums = Guarded<S>(garbage: columns, offset: 2)
      ColumnStatistics.moments(
        input.base, rows: rows, columns: columns, mean: means.base, variance: squares.base,
        scratch: scratch.base, pool: pool)
      expectClose(means.values, mean, within: tolerance)
      expectClose(squares.values, variance, within: tolerance)
      ColumnStatistics.centeredProducts(
        input.base, .plain(upstream.base), mean: means.base, rows: rows, columns: columns,
        into: productSums.base, sums: sums.base, scratch: scratch.base, blocks: nil, pool: pool)
      // The mean's own rounding enters once for each row, times numbers of either sign.
      let many = Double(rows).squareRoot()
      expectClose(productSums.values, products, within: tolerance * max(30, many))
      expectClose(sums.values, totals, within: tolerance * max(1, many / 10))
      for memory in [means, squares, productSums, sums, scratch] { memory.expectUntouchedMargins() }
    }
    check(Float.self, tolerance: 1e-5)
    check(Double.self, tolerance: 1e-11)
  }

  @Test(arguments: sizes)
  func rowsAreScaledAndCombined(rows: Int, columns: Int) {
    let count = rows * columns
    let x = normals(count)
    let dy = normals(count, "dy")
    let start = normals(count, "dx")
    let (a, b, d) = (normals(columns, "a"), normals(columns, "b"), normals(columns, "d"))
    let scaled = x.indices.map { x[$0] * a[$0 % columns] + b[$0 % columns] }
    let combined = x.indices.map {
      a[$0 % columns] * dy[$0] + b[$0 % columns] * x[$0] + d[$0 % columns]
    }
    func check<S: Scalar>(_: S.Type, tolerance: Double) {
      let input = Guarded<S>(x, offset: 1)
      let upstream = Guarded<S>(dy, offset: 2)
      let vectors = [a, b, d].map { Guarded<S>($0, offset: 3) }
      let y = Guarded<S>(garbage: count, offset: 2)
      RowScaling.apply(
        input.base, scale: vectors[0].base, offset: vectors[1].base, into: y.base, rows: rows,
        columns: columns, pool: pool)
      expectClose(y.values, scaled, within: tolerance)
      y.expectUntouchedMargins()
      for accumulate in [false, true] {
        let dx = Guarded<S>(accumulate ? start : x.map { _ in .nan }, offset: 1)
        RowScaling.combine(
          .plain(upstream.base), input.base, a: vectors[0].base, b: vectors[1].base,
          d: vectors[2].base, into: dx.base, rows: rows, columns: columns, accumulate: accumulate,
          blocks: nil,
          pool: pool)
        expectClose(
          dx.values, accumulate ? zip(start, combined).map { $0 + $1 } : combined,
          within: tolerance)
        dx.expectUntouchedMargins()
      }
    }
    check(Float.self, tolerance: 2e-6)
    check(Double.self, tolerance: 1e-14)
  }

  /// Maxima of scaled pixels, and the sums and gradients behind them, against the same without anything kept in blocks.
  @Test(arguments: [(2, 4, 6, 3), (1, 7, 5, 17), (3, 34, 30, 32), (2, 61, 67, 16)])
  func pooledRowsAreThoseOfPoolingAfterwards(batch: Int, height: Int, width: Int, channels: Int) {
    let g = PoolingTests.geometry(
      batch, height, width, channels, window: (2, 2), strides: (2, 2))
    let (rows, outputs) = (
      batch * height * width, batch * (height / 2) * (width / 2) * channels
    )
    func check<S: Scalar>(_: S.Type) {
      let x = Guarded<S>(normals(rows * channels), offset: 1)
      let dy = Guarded<S>(normals(outputs, "dy"), offset: 2)
      let vectors = ["a", "b", "d"].map { Guarded<S>(normals(channels, $0), offset: 3) }
      let z = Guarded<S>(garbage: rows * channels)
      let (y, plainY) = (Guarded<S>(garbage: outputs, offset: 1), Guarded<S>(garbage: outputs))
      let (indices, plainIndices) = (Guarded<S>(garbage: outputs), Guarded<S>(garbage: outputs))
      RowScaling.apply(
        x.base, scale: vectors[0].base, offset: vectors[1].base, into: z.base, rows: rows,
        columns: channels, pool: pool)
      MaxPooling.forward(z.base, into: plainY.base, indices: plainIndices.base, g, pool: pool)
      let memory = Guarded<S>(garbage: RowScaling.scratchCount(g))
      RowScaling.maxima(
        x.base, scale: vectors[0].base, offset: vectors[1].base, into: y.base,
        indices: indices.base, g, scratch: memory.base, pool: pool)
      #expect(y.values == plainY.values && indices.values == plainIndices.values)

      let dz = Guarded<S>(garbage: rows * channels)
      MaxPooling.backward(
        dy.base, indices: indices.base, into: dz.base, accumulate: false, g, pool: pool)
      let sources: [RowGradient<S>] = [
        .plain(UnsafePointer(dz.base)),
        .pooled(UnsafePointer(dy.base), indices: UnsafePointer(indices.base), g),
      ]
      let blocks = Guarded<S>(
        garbage: RowGradient<S>.scratchCount(rows: rows, columns: channels))
      let scratch = Guarded<S>(
        garbage: ColumnStatistics.scratchCount(rows: rows, columns: channels))
      let results = sources.map { source -> [[Double]] in
        let (products, sums) = (Guarded<S>(garbage: channels), Guarded<S>(garbage: channels))
        ColumnStatistics.centeredProducts(
          x.base, source, mean: vectors[2].base, rows: rows, columns: channels,
          into: products.base, sums: sums.base, scratch: scratch.base, blocks: blocks.base,
          pool: pool)
        let dx = Guarded<S>(garbage: rows * channels)
        RowScaling.combine(
          source, x.base, a: vectors[0].base, b: vectors[1].base, d: vectors[2].base,
          into: dx.base, rows: rows, columns: channels, accumulate: false, blocks: blocks.base,
          pool: pool)
        return [products.values, sums.values, dx.values]
      }
      #expect(results[0] == results[1])
      #expect(results[0][2].allSatisfy { $0.isFinite })
      for memory in [y, indices, memory, blocks, scratch] { memory.expectUntouchedMargins() }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: sizes)
  func layerNormalizationAgreesWithTheDefinition(rows: Int, columns: Int) {
    let count = rows * columns
    let epsilon = 0.01
    let x = normals(count).map { $0 + 3 }
    let dy = normals(count, "dy")
    let scale = normals(columns, "scale")
    let offset = normals(columns, "offset")
    let start = normals(count, "dx")
    let startScale = normals(columns, "dscale")
    var y = x
    var gradient = x
    var dscale = scale.map { _ in 0.0 }
    var doffset = dscale
    let startOffset = normals(columns, "doffset")
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let mean = x[range].reduce(0, +) / Double(columns)
      let variance = x[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      let inverse = 1 / (variance + epsilon).squareRoot()
      let normal = x[range].map { ($0 - mean) * inverse }
      let g = (0..<columns).map { dy[range.lowerBound + $0] * scale[$0] }
      let meanG = g.reduce(0, +) / Double(columns)
      let meanProduct = zip(g, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
      for c in 0..<columns {
        let i = range.lowerBound + c
        y[i] = normal[c] * scale[c] + offset[c]
        gradient[i] = inverse * (g[c] - meanG - normal[c] * meanProduct)
        dscale[c] += dy[i] * normal[c]
        doffset[c] += dy[i]
      }
    }
    func check<S: Scalar>(_: S.Type, tolerance: Double) {
      let input = Guarded<S>(x, offset: 1)
      let upstream = Guarded<S>(dy, offset: 2)
      let gamma = Guarded<S>(scale, offset: 3)
      let beta = Guarded<S>(offset, offset: 1)
      let output = Guarded<S>(garbage: count, offset: 1)
      let means = Guarded<S>(garbage: rows)
      let inverses = Guarded<S>(garbage: rows)
      LayerNormalization.forward(
        input.base, scale: gamma.base, offset: beta.base, epsilon: S(epsilon), into: output.base,
        mean: means.base, inverse: inverses.base, rows: rows, columns: columns, pool: pool)
      expectClose(output.values, y, within: tolerance)
      for memory in [output, means, inverses] { memory.expectUntouchedMargins() }
      for accumulate in [false, true] {
        let dx = Guarded<S>(accumulate ? start : x.map { _ in .nan }, offset: 3)
        LayerNormalization.backward(
          input.base, upstream.base, scale: gamma.base, mean: means.base, inverse: inverses.base,
          into: dx.base, rows: rows, columns: columns, accumulate: accumulate, pool: pool)
        expectClose(
          dx.values, accumulate ? zip(start, gradient).map { $0 + $1 } : gradient,
          within: tolerance)
        let starts = [startScale, startOffset]
        let memories = starts.map {
          Guarded<S>(accumulate ? $0 : scale.map { _ in .nan }, offset: 2)
        }
        let scratch = Guarded<S>(
          garbage: LayerNormalization.scratchCount(rows: rows, columns: columns))
        let gradients = memories.map {
          Gradient(View($0.base, [columns]), accumulates: accumulate)
        }
        LayerNormalization.parameterGradients(
          input.base, upstream.base, mean: means.base, inverse: inverses.base,
          scale: gradients[0], offset: gradients[1], rows: rows, columns: columns,
          scratch: scratch.base, pool: pool)
        for (memory, (start, sums)) in zip(memories, zip(starts, [dscale, doffset])) {
          expectClose(
            memory.values, accumulate ? zip(start, sums).map { $0 + $1 } : sums,
            within: tolerance * 10)
          memory.expectUntouchedMargins()
        }
        for memory in [dx, scratch] { memory.expectUntouchedMargins() }
      }
    }
    check(Float.self, tolerance: 1e-5)
    check(Double.self, tolerance: 1e-12)
  }

  @Test func statisticsAreTheSameForAnyThreads() {
    let (rows, columns) = (20_000, 33)
    let x = Guarded<Float>(normals(rows * columns))
    expectSameForAnyThreads { pool in
      let mean = Guarded<Float>(garbage: columns)
      let variance = Guarded<Float>(garbage: columns)
      let scratch = Guarded<Float>(
        garbage: ColumnStatistics.scratchCount(rows: rows, columns: columns))
      ColumnStatistics.moments(
        x.base, rows: rows, columns: columns, mean: mean.base, variance: variance.base,
        scratch: scratch.base, pool: pool)
      return mean.bits + variance.bits
    }
  }
}
