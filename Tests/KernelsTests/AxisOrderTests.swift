import Kernels
import TensorCore
import Testing

@Suite struct AxisOrderTests {
  /// Transpositions of vectors' width and odd ones, groups of axes, axes of one, all orders apart, the same order.
  @Test(arguments: [
    ([33, 17], [1, 0]), ([336, 7], [1, 0]), ([3, 4, 5], [2, 0, 1]), ([3, 4, 5], [1, 0, 2]),
    ([3, 4, 5], [2, 1, 0]), ([2, 3, 4, 5], [2, 3, 0, 1]), ([2, 3, 4, 5], [3, 1, 0, 2]),
    ([2, 3, 4, 5], [1, 0, 3, 2]), ([1, 6, 1, 5], [3, 2, 1, 0]), ([4, 5], [0, 1]), ([7], [0]),
    ([1, 1], [1, 0]),
  ])
  func axesAreReordered(_ extents: [Int], _ source: [Int]) {
    check(Float.self, extents, source)
    check(Double.self, extents, source)
  }

  private func check<S: Scalar>(_: S.Type, _ extents: [Int], _ source: [Int]) {
    let (rows, count) = (9, extents.reduce(1, *))
    let values = normals(rows * count)
    let strides = extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
    var expected: [Double] = []
    for row in 0..<rows {
      for place in 0..<count {
        // The indices of y's element, the last running fastest, and what they are in x.
        var (rest, offset) = (place, row * count)
        for axis in source.reversed() {
          offset += rest % extents[axis] * strides[axis]
          rest /= extents[axis]
        }
        expected.append(values[offset])
      }
    }
    let order = AxisOrder(
      rows: rows, rank: extents.count, extent: { extents[$0] }, source: { source[$0] })
    let (x, pool) = (Guarded<S>(values, offset: 1), WorkerPool(threads: 2))
    let y = Guarded<S>(garbage: rows * count, offset: 3)
    order.apply(x.base, into: y.base, pool: pool)
    #expect(y.values == expected)
    order.apply(x.base, into: y.base, accumulate: true, pool: pool)
    expectClose(y.values, expected.map { 2 * $0 }, within: 1e-12)
    for memory in [x, y] { memory.expectUntouchedMargins() }
  }
}
