import Kernels
import Testing

@Suite struct SymmetricEigenTests {
  @Test(arguments: [1, 2, 7, 40]) func theProductOfTheFactorsIsTheMatrix(size: Int) throws {
    let half = normals(size * size)
    let matrix = (0..<size * size).map { half[$0] + half[$0 % size * size + $0 / size] }
    var vectors = matrix
    let values = try SymmetricEigen.decompose(&vectors, size: size)
    #expect(values == values.sorted())
    for i in 0..<size {
      for j in 0..<size {
        let product = (0..<size).reduce(0.0) {
          $0 + vectors[$1 * size + i] * values[$1] * vectors[$1 * size + j]
        }
        #expect(abs(product - matrix[i * size + j]) < 1e-12 * Double(size))
        let dot = (0..<size).reduce(0.0) { $0 + vectors[i * size + $1] * vectors[j * size + $1] }
        #expect(abs(dot - (i == j ? 1 : 0)) < 1e-13)
      }
    }
  }

  @Test func nothingAndWhatIsNoNumber() throws {
    var empty: [Double] = []
    #expect(try SymmetricEigen.decompose(&empty, size: 0) == [])
    #expect(throws: LAPACKError.self) {
      var matrix = [1, Double.nan, .nan, 1]
      _ = try SymmetricEigen.decompose(&matrix, size: 2)
    }
  }
}
