import COpenBLAS
import CSIMD
import TensorCore

/// C = alpha op(A) op(B) + bias, or C += that, for row-major matrices, on the calling thread.
///
/// `Float` by our own kernels, in tiles of registers: OpenBLAS knows processors by name and gives those it has not heard of its
/// kernels for older ones, packs both factors at each call, and gives a row other bits when there are other rows beside it.
/// `Double` by OpenBLAS.
///
/// op(A) is [m x k], op(B) [k x n], C [m x n]; op is the transpose where asked for. `lda`, `ldb` and `ldc` are the
/// distances between the starts of two rows as they lie in memory.
///
/// - Parameters:
///   - accumulate: true adds to C, false overwrites it, whatever it holds.
///   - bias: n numbers for every row of C; zeros if nil.
public func gemm<S: Scalar>(
  transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: S = 1,
  _ a: UnsafePointer<S>, lda: Int, _ b: UnsafePointer<S>, ldb: Int,
  accumulate: Bool = false, bias: UnsafePointer<S>? = nil, into c: UnsafeMutablePointer<S>,
  ldc: Int
) {
  if let vectors = S.vectors {
    vectors.tiles.gemm(
      transposeA, transposeB, Int64(m), Int64(n), Int64(k), Float(alpha), a.asFloat, Int64(lda),
      b.asFloat, Int64(ldb), accumulate, bias?.asFloat, c.asFloat, Int64(ldc))
    return
  }
  if let bias { place(bias, inRows: c, stride: ldc, rows: m, columns: n, accumulate: accumulate) }
  OpenBLAS.useOneThread()
  if m == 0 || n == 0 { return }
  cblas_dgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    Int32(m), Int32(n), Int32(k), Double(alpha), a.asDouble, Int32(max(1, lda)), b.asDouble,
    Int32(max(1, ldb)), accumulate || bias != nil ? 1 : 0, c.asDouble, Int32(ldc))
}

/// C = bias in every row, or C += that.
@specialized(where S == Double)
private func place<S: Scalar>(
  _ bias: UnsafePointer<S>, inRows c: UnsafeMutablePointer<S>, stride: Int, rows: Int,
  columns: Int, accumulate: Bool
) {
  for row in 0..<rows {
    let c = c + row * stride
    for column in 0..<columns { c[column] = accumulate ? c[column] + bias[column] : bias[column] }
  }
}
