public import TensorCore

/// The products that a layer declared, each with the engine that a plan chose for it when it was bound: a step calls
/// functions by their addresses and looks nothing up.
public struct BoundProducts: Sendable {
  private let declared: [FixedProduct]
  private let kernels: [Libxsmm.Kernel?]
  /// Where the products of this list begin.
  private var first = 0

  /// No engine but our own.
  public static let none = BoundProducts(declared: [], kernels: [])

  private init(declared: [FixedProduct], kernels: [Libxsmm.Kernel?]) {
    (self.declared, self.kernels) = (declared, kernels)
  }

  /// Binds products of `S`, by `FixedProduct.suitsLibxsmm`.
  public init<S: Scalar>(_ products: [FixedProduct], of _: S.Type) {
    guard S.vectors != nil, Libxsmm.isAvailable else {
      self = .none
      return
    }
    self.init(
      declared: products,
      kernels: products.map { $0.suitsLibxsmm ? Libxsmm.kernel(for: $0) : nil })
  }

  /// Those behind the first `count`, for a layer that declares what several functions want.
  public func dropFirst(_ count: Int) -> BoundProducts {
    var products = self
    products.first += count
    return products
  }

  /// C = op(A) B, or C += that, on the calling thread.
  ///
  /// - Parameter index: the number of the product among those that were declared.
  @inline(__always)
  func multiply<S: Scalar>(
    _ index: Int, _ product: FixedProduct, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>,
    into c: UnsafeMutablePointer<S>
  ) {
    let index = first + index
    if index < kernels.count, let kernel = kernels[index] {
      assert(declared[index] == product, "another product than the one declared")
      kernel(b.asFloat, a.asFloat, c.asFloat)
      return
    }
    gemm(
      transposeA: product.transposeA, m: product.m, n: product.n, k: product.k, a,
      lda: product.lda, b, ldb: product.ldb, accumulate: product.accumulate, into: c,
      ldc: product.ldc)
  }
}
