import CLAPACKE

/// What a routine of LAPACK reported.
public struct LAPACKError: Error, Equatable, CustomStringConvertible {
  /// The routine's name.
  public let routine: String
  /// Its status: below 0 the number of the argument that it refused, or that memory was short.
  public let status: Int

  public var description: String { "LAPACK's \(routine) failed with status \(status)" }
}

/// Matrices with orthonormal rows or columns.
public enum Orthogonal {
  /// Puts in the place of a row-major matrix A its Q of A = QR, or of Aᵀ = QR where it has more columns than rows.
  ///
  /// The diagonal of R is made positive, so that Q is the only one there is, and uniformly distributed if the
  /// elements of A are normal (Mezzadri 2007). The columns of the result are orthonormal, or its rows if there are
  /// fewer of these.
  ///
  /// - Throws: `LAPACKError`, if an element is not a number or a side does not fit in 32 bits.
  public static func factor(
    _ matrix: inout [Double], rows: Int, columns: Int
  ) throws(LAPACKError) {
    precondition(matrix.count == rows * columns, "a matrix of another size")
    if matrix.isEmpty { return }
    // Memory that holds [rows x columns] by rows is a [columns x rows] matrix by columns, which is how LAPACK reads.
    if columns >= rows {
      try factorTall(&matrix, height: columns, width: rows)
      return
    }
    var transposed = [Double](repeating: 0, count: matrix.count)
    for r in 0..<rows {
      for c in 0..<columns { transposed[c * rows + r] = matrix[r * columns + c] }
    }
    try factorTall(&transposed, height: rows, width: columns)
    for r in 0..<rows {
      for c in 0..<columns { matrix[r * columns + c] = transposed[c * rows + r] }
    }
  }

  /// The same for a matrix by columns that is not wider than high.
  private static func factorTall(
    _ matrix: inout [Double], height: Int, width: Int
  ) throws(LAPACKError) {
    OpenBLAS.useOneThread()
    guard let m = Int32(exactly: height), let n = Int32(exactly: width) else {
      throw LAPACKError(routine: "dgeqrf", status: -2)
    }
    var reflectors = [Double](repeating: 0, count: width)
    try check(
      "dgeqrf", LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, &matrix, m, &reflectors))
    let negative = (0..<width).map { matrix[$0 * height + $0] < 0 }
    try check(
      "dorgqr", LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, &matrix, m, &reflectors))
    for column in 0..<width where negative[column] {
      for index in column * height..<(column + 1) * height { matrix[index].negate() }
    }
  }

  private static func check(_ routine: String, _ status: Int32) throws(LAPACKError) {
    if status != 0 { throw LAPACKError(routine: routine, status: Int(status)) }
  }
}
