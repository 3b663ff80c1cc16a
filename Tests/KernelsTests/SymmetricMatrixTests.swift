import Kernels
import Testing

@Suite struct SymmetricMatrixTests {
  /// [[2, 1], [1, 2]] has 3 along (1, 1) and 1 along (1, -1).
  @Test func ofTwoByTwo() throws {
    let pairs = try SymmetricMatrix.largestEigenpairs(2, of: [2, 1, 1, 2], size: 2)
    let half = 0.5.squareRoot()
    for (found, expected) in zip(pairs.values + pairs.vectors, [3, 1, half, half, half, -half]) {
      #expect(abs(found.magnitude - expected.magnitude) < 1e-14)
    }
    #expect(pairs.vectors[0] > 0 && pairs.vectors[2] * pairs.vectors[3] < 0)
  }

  @Test(arguments: [(1, 1), (5, 2), (33, 33), (60, 7)])
  func theyAreEigenpairsInOrder(size: Int, count: Int) throws {
    let numbers = normals(size * size)
    var matrix = numbers
    for i in 0..<size {
      for j in 0..<size { matrix[i * size + j] = numbers[i * size + j] + numbers[j * size + i] }
    }
    let all = try SymmetricMatrix.largestEigenpairs(size, of: matrix, size: size)
    let pairs = try SymmetricMatrix.largestEigenpairs(count, of: matrix, size: size)
    #expect(pairs.values == pairs.values.sorted(by: >))
    let trace = (0..<size).reduce(0) { $0 + matrix[$1 * size + $1] }
    #expect(abs(all.values.reduce(0, +) - trace) < 1e-11)
    for k in 0..<count {
      #expect(abs(pairs.values[k] - all.values[k]) < 1e-11)
      let vector = pairs.vectors[k * size..<(k + 1) * size]
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      #expect(vector.max { $0.magnitude < $1.magnitude } ?? 0 > 0)
      for i in 0..<size {
        let product = (0..<size).reduce(0) {
          $0 + matrix[i * size + $1] * pairs.vectors[k * size + $1]
        }
        #expect(abs(product - pairs.values[k] * pairs.vectors[k * size + i]) < 1e-11)
      }
    }
  }

  @Test func whatIsNoNumberIsRefused() {
    #expect(throws: LAPACKError.self) {
      try SymmetricMatrix.largestEigenpairs(1, of: [.nan, 0, 0, 1], size: 2)
    }
  }
}
