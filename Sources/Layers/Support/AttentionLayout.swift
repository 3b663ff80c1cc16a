import GraphIR
import Kernels
import TensorCore

/// Which products make queries, keys and values of the inputs, and where these lie in what comes out.
struct AttentionLayout {
  /// A product with one input, whose kernel makes one, two or three of q, k and v side by side.
  struct Projection {
    let name: StaticString
    let parts: Int
    let map: AffineMap
  }

  /// How many products and inputs there are: one for self attention, two for cross attention.
  let count: Int
  let outputMap: AffineMap
  let geometry: AttentionGeometry
  private let first: Projection
  private let second: Projection
  /// H K.
  private let width: Int

  /// - Parameter z: whom x asks; x itself where it is nil.
  init(_ x: Shape, _ z: Shape?, heads: Int, width: Int, isCausal: Bool) {
    func projection(_ name: StaticString, _ input: Shape, parts: Int) -> Projection {
      Projection(
        name: name, parts: parts,
        map: AffineMap(rows: input[0] * input[1], features: input[2], units: parts * width))
    }
    first =
      z == nil
      ? projection("query_key_value", x, parts: 3) : projection("query", x, parts: 1)
    second = projection("key_value", z ?? x, parts: 2)
    count = z == nil ? 1 : 2
    outputMap = AffineMap(rows: x[0] * x[1], features: width, units: x[2])
    geometry = AttentionGeometry(
      batch: x[0], heads: heads, queries: x[1], keys: (z ?? x)[1], width: width / heads,
      isCausal: isCausal)
    self.width = width
  }

  /// The product with an input.
  subscript(input: Int) -> Projection { input == 0 ? first : second }

  /// What attention multiplies, block by block.
  var products: AttentionProducts {
    AttentionProducts(
      geometry,
      count == 1
        ? AttentionStrides(query: 3 * width, key: 3 * width, value: 3 * width, output: width)
        : AttentionStrides(query: width, key: 2 * width, value: 2 * width, output: width))
  }

  /// q, k and v, or their gradients, in the tensors that the projections write: those of a list from an index on.
  func operands<S: Scalar>(_ list: [View<S>], from index: Int) -> Kernels.Attention.Operands<S> {
    let base = list[index].base
    if count == 1 {
      return .init(
        query: StridedRows(base, stride: 3 * width),
        key: StridedRows(base + width, stride: 3 * width),
        value: StridedRows(base + 2 * width, stride: 3 * width))
    }
    let other = list[index + 1].base
    return .init(
      query: StridedRows(base, stride: width), key: StridedRows(other, stride: 2 * width),
      value: StridedRows(other + width, stride: 2 * width))
  }
}

extension AffineMap {
  /// Its product, for the signature.
  var product: Signature.Product { .init(rows: rows, columns: units, inner: features) }
}
