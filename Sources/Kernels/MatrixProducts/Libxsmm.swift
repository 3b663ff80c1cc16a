#if Libxsmm
  import CLibxsmm
#endif

/// The library that compiles a kernel for one product (Heinecke et al., "LIBXSMM", 2016), where the package is built with it.
///
/// Nothing of it is touched before the first product asks: making itself ready takes it some milliseconds.
public enum Libxsmm {
  /// Row-major C = op(A) B, or C += that, with all extents and strides built in.
  typealias Kernel =
    @convention(c) (
      _ b: UnsafePointer<Float>?, _ a: UnsafePointer<Float>?, _ c: UnsafeMutablePointer<Float>?
    ) -> Void

  /// Whether the package was built with it, and the vectors in use are those of a level that it has kernels for.
  public static var isAvailable: Bool { isBuiltIn && VectorLevel.current > .baseline }

  /// Whether the package was built with it.
  public static var isBuiltIn: Bool {
    #if Libxsmm
      true
    #else
      false
    #endif
  }

  #if Libxsmm
    /// Holds it, once, to the vectors in use.
    private static let isLimited: Void = {
      if VectorLevel.current == .v3 { libxsmm_limit_to_avx2() }
    }()
  #endif

  /// Makes the library ready before a product asks, for who would know what that takes: its tables are 10 MiB.
  public static func prepare() {
    #if Libxsmm
      libxsmm_init()
      _ = isLimited
    #endif
  }

  /// The kernel of a product; nil where there is none.
  static func kernel(for product: FixedProduct) -> Kernel? {
    #if Libxsmm
      _ = isLimited
      // Its matrices are column-major: what it sees is Cᵀ = Bᵀ op(A)ᵀ.
      guard
        [product.m, product.n, product.k, product.lda, product.ldb, product.ldc].allSatisfy({
          $0 > 0 && $0 <= Int(Int32.max)
        })
      else { return nil }
      return libxsmm_product_kernel(
        Int32(product.n), Int32(product.m), Int32(product.k), Int32(product.ldb),
        Int32(product.lda), Int32(product.ldc), product.transposeA, product.accumulate)
    #else
      return nil
    #endif
  }
}
