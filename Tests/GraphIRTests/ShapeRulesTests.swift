import GraphIR
import TensorCore
import Testing

@Suite struct ShapeRulesTests {
  @Test func shapesOfAnySizeAreMadeOrRefused() throws {
    #expect(try Shape(checked: [2, 3]) == [2, 3])
    #expect(try Shape(checked: []) == [])
    #expect(try Shape(checked: [1 << 18, 1 << 18]).count == Shape.maximumCount)
    for dimensions in [
      [0], [2, -1], [1 << 18, 1 << 18, 2], [1 << 31], [Int.max, Int.max],
      [1 << 30, 1 << 30, 1 << 30],
    ] {
      #expect(throws: ShapeError.self) { try Shape(checked: dimensions) }
    }
  }

  @Test func workBeyondCountingIsTheMost() {
    let product = Signature.Product(rows: 1 << 31, columns: 1 << 31, inner: 1 << 31)
    #expect(product.multiplyAdds == .max)
    var signature = Signature(outputs: [])
    signature.products = [product, .init(rows: 2, columns: 3, inner: 4)]
    #expect(signature.multiplyAdds == .max)
    signature.products = [.init(rows: 2, columns: 3, inner: 4, count: 5)]
    #expect(signature.multiplyAdds == 120)
  }

  @Test func theOnlyInputIsOneThatFits() throws {
    #expect(try [[2, 3] as Shape].only("a matrix") { $0.rank == 2 } == [2, 3])
    for inputs in [[], [[2]], [[2, 3], [2, 3]]] as [[Shape]] {
      #expect(throws: ShapeError.self) { try inputs.only("a matrix") { $0.rank == 2 } }
    }
  }
}
