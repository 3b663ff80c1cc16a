import CLAPACKE

/// What there is to know of symmetric matrices.
public enum SymmetricMatrix {
  /// Eigenvalues and their eigenvectors.
  public struct Eigenpairs: Sendable {
    /// From the largest.
    public var values: [Double]
    /// [count x size], a row for each value: of length 1, and its element of the largest magnitude is positive.
    public var vectors: [Double]
  }

  /// The `count` largest eigenvalues of a matrix [size x size], of which the upper triangle is read, with eigenvectors that are
  /// orthonormal (LAPACK's dsyevr).
  ///
  /// - Throws: `LAPACKError`, if an element is not a number or a side does not fit in 32 bits.
  public static func largestEigenpairs(
    _ count: Int, of matrix: [Double], size: Int
  ) throws(LAPACKError) -> Eigenpairs {
    precondition(matrix.count == size * size && (0...size).contains(count), "no such matrix")
    guard count > 0 else { return Eigenpairs(values: [], vectors: []) }
    guard let n = Int32(exactly: size) else { throw LAPACKError(routine: "dsyevr", status: -6) }
    OpenBLAS.useOneThread()
    var matrix = matrix
    var values = [Double](repeating: 0, count: size)
    var vectors = [Double](repeating: 0, count: size * count)
    var support = [Int32](repeating: 0, count: 2 * size)
    var found: Int32 = 0
    // What is upper by rows is lower by columns, as LAPACK reads.
    let status = LAPACKE_dsyevr(
      LAPACK_COL_MAJOR, letter("V"), letter("I"), letter("L"), n, &matrix, n, 0, 0,
      n - Int32(count) + 1, n, 0, &found, &values, &vectors, n, &support)
    guard status == 0, Int(found) == count else {
      throw LAPACKError(routine: "dsyevr", status: Int(status))
    }
    // They come from the least.
    let order = (0..<count).reversed()
    return Eigenpairs(
      values: order.map { values[$0] },
      vectors: order.flatMap { pointed(vectors[$0 * size..<($0 + 1) * size]) })
  }

  private static func letter(_ letter: Unicode.Scalar) -> CChar {
    CChar(truncatingIfNeeded: letter.value)
  }

  /// The vector or its opposite, of which an eigenvalue has both.
  private static func pointed(_ vector: ArraySlice<Double>) -> [Double] {
    let largest = vector.max { $0.magnitude < $1.magnitude } ?? 0
    return largest < 0 ? vector.map { -$0 } : Array(vector)
  }
}
