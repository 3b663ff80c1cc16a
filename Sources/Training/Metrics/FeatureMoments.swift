import Kernels

/// Mean and covariance of rows of features, in double precision, the same however the rows are batched.
struct FeatureMoments: Sendable {
  let size: Int
  private var count = 0
  private var sums: [Double]
  /// Σ x xᵀ of whole blocks.
  private var products: [Double]
  /// Rows that do not make a block yet, as the product of a block takes much less time than those of single rows.
  private var waiting: [Double] = []
  private static let blockRows = 64

  init(size: Int) {
    self.size = size
    sums = Array(repeating: 0, count: size)
    products = Array(repeating: 0, count: size * size)
  }

  mutating func add(_ features: UnsafePointer<Float>, rows: Int) {
    for row in 0..<rows {
      for column in 0..<size {
        let value = Double(features[row * size + column])
        sums[column] += value
        waiting.append(value)
      }
      if waiting.count == Self.blockRows * size {
        Self.addProducts(of: waiting, rows: Self.blockRows, size, to: &products)
        waiting.removeAll(keepingCapacity: true)
      }
    }
    count += rows
  }

  private static func addProducts(
    of rows: [Double], rows count: Int, _ size: Int, to products: inout [Double]
  ) {
    products.withUnsafeMutableBufferPointer { products in
      guard let base = products.baseAddress else { return }
      gemm(
        transposeA: true, m: size, n: size, k: count, rows, lda: size, rows, ldb: size,
        accumulate: true, into: base, ldc: size)
    }
  }

  var means: [Double] { sums.map { $0 / Double(count) } }

  /// [size x size], with N - 1 as divisor.
  var covariance: [Double] {
    var covariance = products
    Self.addProducts(of: waiting, rows: waiting.count / max(1, size), size, to: &covariance)
    let means = means
    for i in 0..<size {
      for j in 0..<size {
        let product = covariance[i * size + j] - Double(count) * means[i] * means[j]
        covariance[i * size + j] = product / Double(count - 1)
      }
    }
    return covariance
  }

  /// The Frechet distance of the normal distributions; NaN where there are fewer than two rows or no numbers.
  ///
  /// The trace of (C₁ C₂)^½ is that of (C₁^½ C₂ C₁^½)^½, which is symmetric: the sum of the roots of its eigenvalues.
  func distance(to other: FeatureMoments) -> Double {
    guard count > 1, other.count > 1 else { return .nan }
    let (one, two) = (covariance, other.covariance)
    guard let trace = try? Self.traceOfRoot(one, two, size) else { return .nan }
    var distance = -2 * trace
    for (m1, m2) in zip(means, other.means) { distance += (m1 - m2) * (m1 - m2) }
    for i in 0..<size { distance += one[i * size + i] + two[i * size + i] }
    return distance
  }

  private static func traceOfRoot(
    _ one: [Double], _ two: [Double], _ size: Int
  ) throws(LAPACKError) -> Double {
    var vectors = one
    let values = try SymmetricEigen.decompose(&vectors, size: size)
    // C₁^½ = Qᵀ Λ^½ Q, Q with the eigenvectors as its rows; rounding may make an eigenvalue of zero negative.
    var scaled = vectors
    for i in 0..<size {
      let root = max(0, values[i]).squareRoot()
      for j in 0..<size { scaled[i * size + j] *= root }
    }
    let root = product(vectors, transposed: true, scaled, size)
    var middle = product(product(root, two, size), root, size)
    for i in 0..<size {
      for j in 0..<i {
        let mean = (middle[i * size + j] + middle[j * size + i]) / 2
        (middle[i * size + j], middle[j * size + i]) = (mean, mean)
      }
    }
    return try SymmetricEigen.decompose(&middle, size: size).reduce(0) {
      $0 + max(0, $1).squareRoot()
    }
  }

  private static func product(
    _ a: [Double], transposed: Bool = false, _ b: [Double], _ size: Int
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: size * size) { buffer, count in
      if let base = buffer.baseAddress {
        gemm(
          transposeA: transposed, m: size, n: size, k: size, a, lda: size, b, ldb: size, into: base,
          ldc: size)
      }
      count = size * size
    }
  }
}
