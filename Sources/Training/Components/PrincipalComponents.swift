import Datasets
import Kernels
import Settings
import TensorCore

/// The directions in which rows of numbers x [F] differ most.
///
///     m = mean of x, C = Σ (x - m)(x - m)ᵀ / (N - 1) = V diag(λ) Vᵀ, code = Vᵀ (x - m) with the first K columns of V
///
/// Source: H. Hotelling, "Analysis of a complex of statistical variables into principal components", 1933.
public struct PrincipalComponents: Sendable {
  /// m, F numbers.
  public let mean: [Double]
  /// [K x F], a row each, from the one along which rows differ most.
  public let directions: [Double]
  /// λ, the variance along each direction.
  public let variances: [Double]
  /// The sum of the variances along all F directions.
  public let totalVariance: Double

  public var count: Int { variances.count }

  /// The share of the variance along each direction.
  public var ratios: [Double] { variances.map { totalVariance > 0 ? $0 / totalVariance : 0 } }

  /// Rows that are taken at a time.
  private static let batchSize = 1024

  /// The first `count` components of a field over all rows.
  ///
  /// Sums are of 64 bits, in an order that follows from the rows alone.
  /// Throws: what reading a row throws; `LAPACKError` for numbers that are not finite.
  public init(_ count: Int, of pipeline: Pipeline, field: Int, threads: Int) throws {
    let size = pipeline.fields[field].shape.count
    precondition((1...size).contains(count), "there are as many components as numbers in a row")
    let rows = Double(pipeline.count)
    var mean = [Double](repeating: 0, count: size)
    try Self.forEachBatch(pipeline, field) { values, rows in
      for row in 0..<rows {
        for i in 0..<size { mean[i] += Double(values[row * size + i]) }
      }
    }
    for i in 0..<size { mean[i] /= rows }
    var covariance = [Double](repeating: 0, count: size * size)
    var centred = [Double](repeating: 0, count: Self.batchSize * size)
    let pool = WorkerPool(threads: threads)
    try Self.forEachBatch(pipeline, field) { values, rows in
      for row in 0..<rows {
        for i in 0..<size { centred[row * size + i] = Double(values[row * size + i]) - mean[i] }
      }
      centred.withUnsafeBufferPointer { centred in
        covariance.withUnsafeMutableBufferPointer { covariance in
          guard let x = centred.baseAddress, let c = covariance.baseAddress else { return }
          parallelGEMM(
            pool, transposeA: true, m: size, n: size, k: rows, x, lda: size, x, ldb: size,
            accumulate: true, into: c, ldc: size)
        }
      }
    }
    let divisor = max(1, rows - 1)
    for i in covariance.indices { covariance[i] /= divisor }
    totalVariance = (0..<size).reduce(0) { $0 + covariance[$1 * size + $1] }
    let pairs = try SymmetricMatrix.largestEigenpairs(count, of: covariance, size: size)
    // A variance of nothing may come out just below it.
    (self.mean, directions, variances) = (mean, pairs.vectors, pairs.values.map { max(0, $0) })
  }

  /// Throws: `Problems` where the covariances of rows of `size` numbers take more memory than there is.
  static func checkMemory(
    size: Int, against available: AvailableMemory? = .current
  ) throws(Problems) {
    // The matrix, and the copy that its eigenvectors are found in.
    let (bytes, isTooMany) = (2 * MemoryLayout<Double>.stride * size)
      .multipliedReportingOverflow(by: size)
    guard let available, isTooMany || bytes > available.bytes else { return }
    throw Problems(
      Problem(
        "the covariances of \(size) numbers take \(ByteCount(isTooMany ? .max : bytes)) of memory and "
          + "\(ByteCount(available.bytes)) are left \(available.bound.rawValue); a transform that makes rows smaller, "
          + "such as \"resize\", goes before"))
  }

  private static func forEachBatch(
    _ pipeline: Pipeline, _ field: Int, _ body: (UnsafePointer<Float>, Int) -> Void
  ) throws {
    let sequence = BatchSequence(count: pipeline.count, batchSize: batchSize, shuffledBy: nil)
    let batches = Prefetcher(pipeline, sequence, until: 1, isTraining: false)
    while let batch = try batches.next() {
      body(batch.pointers[field], batch.count)
      batch.release()
    }
  }
}
