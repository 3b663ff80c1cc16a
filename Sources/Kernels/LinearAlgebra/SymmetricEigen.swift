import CLAPACKE

/// Eigenvalues and eigenvectors of symmetric matrices, A = Q Λ Qᵀ.
public enum SymmetricEigen {
  /// Puts in the place of a symmetric row-major matrix its eigenvectors, one a row; returns their eigenvalues, the
  /// smallest first.
  ///
  /// - Throws: `LAPACKError`, if an element is not a number or a side does not fit in 32 bits.
  public static func decompose(
    _ matrix: inout [Double], size: Int
  ) throws(LAPACKError) -> [Double] {
    precondition(matrix.count == size * size, "a matrix of another size")
    OpenBLAS.useOneThread()
    guard let n = Int32(exactly: size) else { throw LAPACKError(routine: "dsyevd", status: -3) }
    var values = [Double](repeating: 0, count: size)
    if size == 0 { return values }
    // A symmetric matrix is the same by rows and by columns; the eigenvectors come as columns of what lies by columns.
    let status = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), n, &matrix, n, &values)
    guard status == 0 else { throw LAPACKError(routine: "dsyevd", status: Int(status)) }
    return values
  }
}
