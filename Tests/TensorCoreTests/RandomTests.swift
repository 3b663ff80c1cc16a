import TensorCore
import Testing

@Suite struct RandomTests {
  /// The known-answer vectors published with Random123 (kat_vectors, philox4x32 10 rounds).
  @Test func philoxGivesThePublishedVectors() {
    #expect(
      Philox(key: 0).block(SIMD4(repeating: 0))
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      Philox(key: .max).block(SIMD4(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      Philox(key: 0x299F_31D0_A409_3822).block(
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344))
        == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func streamsHaveTheMomentsOfTheirDistribution() {
    let stream = RandomStream(seed: 7, name: "test")
    let count = 40_000
    let uniform = (0..<count).map(stream.uniform)
    let normal = (0..<count).map(stream.normal)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
    #expect(abs(mean(uniform) - 0.5) < 0.01)
    #expect(abs(mean(uniform.map { ($0 - 0.5) * ($0 - 0.5) }) - 1 / 12) < 0.002)
    #expect(abs(mean(normal)) < 0.02)
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 0.03)
    #expect(abs(mean(normal.map { $0 * $0 * $0 * $0 }) - 3) < 0.2)
  }

  @Test func blocksHoldTheNumbersOfTheirIndices() {
    let stream = RandomStream(seed: 5, name: "block", step: 2)
    for index in 0..<64 {
      #expect(stream.uniforms(block: index / 4)[index % 4] == stream.uniform(index))
      #expect(stream.normals(block: index / 4)[index % 4] == stream.normal(index))
    }
  }

  @Test func aValueDependsOnSeedStreamStepAndIndexOnly() {
    let stream = RandomStream(seed: 1, name: "a", step: 3)
    #expect(stream.uniform(5) == RandomStream(seed: 1, name: "a").at(step: 3).uniform(5))
    #expect(stream.words(0) != RandomStream(seed: 2, name: "a", step: 3).words(0))
    #expect(stream.words(0) != RandomStream(seed: 1, name: "b", step: 3).words(0))
    #expect(stream.words(0) != stream.at(step: 4).words(0))
    #expect(stream.words(0) != stream.words(1))
  }

  @Test func permutationsHoldEveryNumberOnce() {
    let order = RandomStream(seed: 3, name: "shuffle").permutation(1_000)
    #expect(order.sorted() == Array(0..<1_000))
    #expect(order != Array(0..<1_000))
    #expect(RandomStream(seed: 3, name: "shuffle").permutation(1).count == 1)
  }
}
