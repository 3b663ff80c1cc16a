import CSIMD
public import TensorCore

/// Normalisation of each row of a matrix [rows, columns] (Ba, Kiros, Hinton 2016).
public enum LayerNormalization {
  /// mean[r] and inverse[r] = 1 / √(variance + epsilon) of each row, and y[r, c] = (x - mean) inverse scale[c] + offset[c].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, scale: UnsafePointer<S>, offset: UnsafePointer<S>, epsilon: S,
    into y: UnsafeMutablePointer<S>, mean: UnsafeMutablePointer<S>,
    inverse: UnsafeMutablePointer<S>, rows: Int, columns: Int, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for row in range {
        let (x, y) = (x + row * columns, y + row * columns)
        if let vectors = S.vectors {
          vectors.normalization.layer_norm_row(
            x.asFloat, scale.asFloat, offset.asFloat, Float(epsilon), columns, y.asFloat,
            (mean + row).asFloat, (inverse + row).asFloat)
          continue
        }
        var (sum, squares): (S, S) = (0, 0)
        for c in 0..<columns { sum += x[c] }
        let center = sum / S(columns)
        for c in 0..<columns { squares += (x[c] - center) * (x[c] - center) }
        let factor = 1 / (squares / S(columns) + epsilon).squareRoot()
        mean[row] = center
        inverse[row] = factor
        for c in 0..<columns { y[c] = (x[c] - center) * factor * scale[c] + offset[c] }
      }
    }
  }

  /// With x̂ = (x - mean) inverse and g = dy scale: dx = inverse (g - mean(g) - x̂ mean(g x̂)), the means over a row.
  ///
  /// dx may be dy unless it accumulates.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, scale: UnsafePointer<S>,
    mean: UnsafePointer<S>, inverse: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for row in range {
        let (x, dy, dx) = (x + row * columns, dy + row * columns, dx + row * columns)
        if let vectors = S.vectors {
          vectors.normalization.layer_norm_row_backward(
            x.asFloat, dy.asFloat, scale.asFloat, Float(mean[row]), Float(inverse[row]), columns,
            dx.asFloat, accumulate)
          continue
        }
        var (sum, product): (S, S) = (0, 0)
        for c in 0..<columns {
          let g = dy[c] * scale[c]
          sum += g
          product += g * (x[c] - mean[row]) * inverse[row]
        }
        for c in 0..<columns {
          let normal = (x[c] - mean[row]) * inverse[row]
          let value =
            inverse[row] * (dy[c] * scale[c] - sum / S(columns) - normal * product / S(columns))
          dx[c] = accumulate ? dx[c] + value : value
        }
      }
    }
  }

  /// How much scratch `parameterGradients` wants, for all rows or for any of them.
  public static func scratchCount(rows: Int, columns: Int) -> Int {
    2 * Chunks.mostCount(summing: rows, of: columns) * columns
  }

  /// dscale[c] = Σᵣ dy x̂ and doffset[c] = Σᵣ dy, or the sums are added.
  ///
  /// - Parameters:
  ///   - scale: where dscale goes; nil if it is not wanted.
  ///   - offset: where doffset goes; nil if it is not wanted.
  ///   - listed: the rows that are summed; nil for all.
  ///   - scratch: `scratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func parameterGradients<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, mean: UnsafePointer<S>,
    inverse: UnsafePointer<S>, scale: Gradient<S>?, offset: Gradient<S>?, rows: Int,
    columns: Int, listed: NonzeroRows<S>? = nil, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let chunks = Chunks(summing: listed?.count ?? rows, of: columns)
    let sums = offset.map { offset in
      ColumnSums(
        dy, rows: rows, columns: columns, listed: listed, into: offset.view.base,
        accumulate: offset.accumulates, scratch: scratch + chunks.count * columns)
    }
    pool.run(
      chunks: scale == nil ? 0 : chunks.count,
      { chunk in
        normalProducts(
          x, dy, mean: mean, inverse: inverse, chunks.range(chunk), columns: columns,
          listed: listed, into: scratch + chunk * columns)
      }, alongside: sums?.chunks.count ?? 0, { sums?.compute(chunk: $0) })
    if let scale {
      addPartials(
        scratch, parts: chunks.count, count: columns, into: scale.view.base,
        accumulate: scale.accumulates, pool: pool)
    }
    sums?.finish(pool: pool)
  }

  /// sums[c] = Σ dy x̂ over some rows, or over those at some places of the list.
  @inline(__always)
  private static func normalProducts<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, mean: UnsafePointer<S>,
    inverse: UnsafePointer<S>, _ places: Range<Int>, columns: Int, listed: NonzeroRows<S>?,
    into sums: UnsafeMutablePointer<S>
  ) {
    sums.update(repeating: 0, count: columns)
    for place in places {
      let row = listed?[place] ?? place
      let (x, dy) = (x + row * columns, dy + row * columns)
      if let vectors = S.vectors {
        vectors.normalization.add_normal_products(
          x.asFloat, dy.asFloat, Float(mean[row]), Float(inverse[row]), columns, sums.asFloat)
      } else {
        for c in 0..<columns { sums[c] += dy[c] * (x[c] - mean[row]) * inverse[row] }
      }
    }
  }
}
