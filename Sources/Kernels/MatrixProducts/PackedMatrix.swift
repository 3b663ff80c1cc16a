import CSIMD
public import TensorCore

/// The right side of a product that is computed many times, B of C = A op(B), laid out once in the order in which tiles
/// of registers read it; for `Double`, B as it lies.
public struct PackedMatrix<S: Scalar>: @unchecked Sendable {
  private let inner: Int
  private let columns: Int
  private let source: UnsafePointer<S>
  private let stride: Int
  private let isTransposed: Bool
  /// What packs and multiplies; nil where B stays as it lies.
  private let vectors: VectorKernels?
  private let memory: UnsafeMutablePointer<S>

  /// How many scalars a packed [inner, columns] takes.
  public static func count(inner: Int, columns: Int) -> Int {
    let width = RegisterTiles.mostColumns
    return inner * ((columns + width - 1) / width * width)
  }

  /// op(B) is [inner, columns]; `stride` is the distance between the rows of B as it lies, and `uses` how often it is
  /// multiplied: for one product it stays as it lies.
  public init(
    _ b: UnsafePointer<S>, stride: Int, transposed: Bool = false, inner: Int, columns: Int,
    uses: Int, in memory: UnsafeMutablePointer<S>
  ) {
    vectors = uses > 1 ? S.vectors : nil
    (self.inner, self.columns, self.memory) = (inner, columns, memory)
    (source, self.stride, isTransposed) = (b, stride, transposed)
  }

  /// Lays it out; before the first product, and after each change of B.
  public func pack(pool: WorkerPool) {
    guard let vectors else { return }
    let width = RegisterTiles.columns
    pool.run(Chunks(of: (columns + width - 1) / width, atLeast: 1)) { stripes in
      let first = stripes.lowerBound * width
      vectors.tiles.pack(
        (source + first * (isTransposed ? stride : 1)).asFloat, Int64(stride), isTransposed,
        Int64(inner), Int64(min(columns, stripes.upperBound * width) - first),
        (memory + first * inner).asFloat)
    }
  }

  /// C = A op(B), or C += that, on the calling thread: A is [rows, inner], C [rows, columns].
  public func multiply(
    _ a: StridedRows<S>, rows: Int, accumulate: Bool, into c: StridedRows<S>
  ) {
    guard let vectors else {
      gemm(
        transposeB: isTransposed, m: rows, n: columns, k: inner, a.base, lda: a.stride, source,
        ldb: stride, accumulate: accumulate, into: c.base, ldc: c.stride)
      return
    }
    var operand = csimd_operand(
      a: a.base.asFloat, row_step: Int64(a.stride), outer: 1, outer_step: 0, inner: 1,
      inner_step: 0, length: Int64(inner), step: 1)
    let width = RegisterTiles.columns
    for first in Swift.stride(from: 0, to: columns, by: width) {
      vectors.tiles.tiles(
        &operand, (memory + first * inner).asFloat, Int64(width), Int64(rows),
        Int64(min(width, columns - first)), 1, accumulate, nil, (c.base + first).asFloat,
        Int64(c.stride))
    }
  }
}
