/// A product C = op(A) B, or C += that, of row-major matrices whose extents and strides are known when a plan is made.
///
/// op(A) is [m x k], the transpose of A where asked for, B is [k x n] and C [m x n].
public struct FixedProduct: Hashable, Sendable {
  public var transposeA: Bool
  public var m: Int
  public var n: Int
  public var k: Int
  public var lda: Int
  public var ldb: Int
  public var ldc: Int
  /// Whether it adds to C.
  public var accumulate: Bool

  public init(
    transposeA: Bool = false, m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int,
    accumulate: Bool = false
  ) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.lda, self.ldb, self.ldc) = (lda, ldb, ldc)
    (self.transposeA, self.accumulate) = (transposeA, accumulate)
  }

  /// The rule of choice between the engines: libxsmm, which does not pack, while B takes at most a quarter of a second-level
  /// cache of 1 MiB; our own tiles, which pack, beyond.
  ///
  /// Measured with one thread of a Zen 5 processor, ours and libxsmm's, in GFLOP/s of 257: [m x n x k] 98 x 16 x 16 153
  /// and 233, 17 x 16 x 17 124 and 232, 56 x 32 x 32 219 and 246, 64 x 64 x 32 180 and 249, 1024 x 16 x 144 217 and
  /// 241, 768 x 512 x 128 236 and 250; but 4096 x 1024 x 128 224 and 209, 128 x 512 x 768 225 and 188.
  var suitsLibxsmm: Bool { k <= 65_536 / max(1, n) }
}
