import CLAPACKE
import Foundation

/// How far two subspaces of one space are turned from each other.
public enum PrincipalAngles {
  /// The angles between what the rows of A [a x size] and of B [b x size] span, in radians from the least, min(a, b) of them.
  ///
  ///     Aᵀ = Q R, Bᵀ = P S, cos(angle k) = singular value k of Qᵀ P
  ///
  /// Rows are taken to be linearly independent, as those of trained layers are. An arc cosine tells angles below 1e-8
  /// from each other no more.
  /// Source: Å. Björck and G. H. Golub, "Numerical methods for computing angles between linear subspaces", 1973.
  ///
  /// - Throws: `LAPACKError`, if an element is not a number or a side does not fit in 32 bits.
  public static func between(
    _ first: [Double], _ second: [Double], size: Int
  ) throws(LAPACKError) -> [Double] {
    precondition(
      size > 0 && first.count % size == 0 && second.count % size == 0, "no rows of that size")
    let (rows, columns) = (first.count / size, second.count / size)
    precondition(rows <= size && columns <= size, "more rows than a basis has")
    if rows == 0 || columns == 0 { return [] }
    var (q, p) = (first, second)
    try Orthogonal.factor(&q, rows: rows, columns: size)
    try Orthogonal.factor(&p, rows: columns, columns: size)
    var products = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        for i in 0..<size {
          products[row * columns + column] += q[row * size + i] * p[column * size + i]
        }
      }
    }
    return try singularValues(of: products, rows: rows, columns: columns)
      .map { acos(min($0, 1)) }
  }

  /// From the largest (LAPACK's dgesdd).
  private static func singularValues(
    of matrix: [Double], rows: Int, columns: Int
  ) throws(LAPACKError) -> [Double] {
    guard let m = Int32(exactly: columns), let n = Int32(exactly: rows) else {
      throw LAPACKError(routine: "dgesdd", status: -3)
    }
    OpenBLAS.useOneThread()
    var matrix = matrix
    var values = [Double](repeating: 0, count: min(rows, columns))
    // By columns it is the transposed matrix, which has the same values; no vectors are asked for.
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), m, n, &matrix, m, &values, nil, 1, nil, 1)
    guard status == 0 else { throw LAPACKError(routine: "dgesdd", status: Int(status)) }
    return values
  }
}
