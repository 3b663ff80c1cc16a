import CSIMD
public import TensorCore

/// The sines and cosines by which positions of a sequence are told (Vaswani et al. 2017).
public enum PositionWaves {
  /// p[t, 2i] = sin(t / L^(2i / D)), p[t, 2i + 1] = cos of the same; computed in `Double`, for t may be large.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func write<S: Scalar>(
    into waves: UnsafeMutablePointer<S>, positions: Int, width: Int, maximumWavelength: Double,
    pool: WorkerPool
  ) {
    // The threads share out columns, so that each computes its frequencies once.
    pool.run(Chunks(of: width, atLeast: max(8, 1_024 / max(1, positions)), multipleOf: 2)) {
      range in
      for d in range {
        let frequency = Double.pow(maximumWavelength, -Double(d / 2 * 2) / Double(width))
        for t in 0..<positions {
          let angle = Double(t) * frequency
          waves[t * width + d] = S(d.isMultiple(of: 2) ? Double.sin(angle) : Double.cos(angle))
        }
      }
    }
  }

  /// y[r, c] = scale x[r, c] + waves[c]; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func add<S: Scalar>(
    _ waves: UnsafePointer<S>, to x: UnsafePointer<S>, scaledBy scale: S,
    into y: UnsafeMutablePointer<S>, rows: Int, columns: Int, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.elementwise.scale_add_rows(
          (x + first).asFloat, Float(scale), waves.asFloat, (y + first).asFloat, range.count,
          columns)
      } else {
        for i in first..<range.upperBound * columns { y[i] = scale * x[i] + waves[i % columns] }
      }
    }
  }
}
