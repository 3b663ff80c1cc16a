import TensorCore
import Testing

@testable import Kernels

@Suite struct AdditiveAttentionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let geometry: AttentionGeometry
    let hasScale: Bool
    let hasMask: Bool
    var testDescription: String { "\(geometry), scale \(hasScale), mask \(hasMask)" }

    init(
      _ batch: Int, _ queries: Int, _ keys: Int, _ width: Int, values: Int, causal: Bool = false,
      scale: Bool = true, mask: Bool = false
    ) {
      geometry = AttentionGeometry(
        batch: batch, heads: 1, queries: queries, keys: keys, width: width, valueWidth: values,
        isCausal: causal, isScaled: false)
      (hasScale, hasMask) = (scale, mask)
    }
  }

  static let cases = [
    Case(1, 1, 1, 1, values: 1), Case(2, 5, 7, 4, values: 3, scale: false),
    Case(3, 70, 70, 17, values: 16, causal: true), Case(2, 21, 34, 33, values: 18, mask: true),
    Case(9, 12, 19, 64, values: 64, mask: true), Case(1, 3, 700, 5, values: 2, causal: true),
  ]

  private struct Tensors<S: Scalar> {
    let test: Case
    let (q, k, v, dO, scale, mask):
      (
        Guarded<S>, Guarded<S>, Guarded<S>, Guarded<S>, Guarded<S>, Guarded<S>
      )
    let (output, weights): (Guarded<S>, Guarded<S>)
    let (dq, dk, dv, dScale): (Guarded<S>, Guarded<S>, Guarded<S>, Guarded<S>)
    var geometry: AttentionGeometry { test.geometry }

    init(_ test: Case) {
      self.test = test
      let g = test.geometry
      let (t, s) = (g.batch * g.queries, g.batch * g.keys)
      (q, k) = (Guarded(normals(t * g.width, "q")), Guarded(normals(s * g.width, "k")))
      (v, dO) = (Guarded(normals(s * g.valueWidth, "v")), Guarded(normals(t * g.valueWidth, "dO")))
      scale = Guarded(normals(g.width, "scale"), offset: 1)
      // Row 0 is nothing but padding.
      mask = Guarded((0..<s).map { $0 < g.keys || $0 % 3 == 1 ? 0 : 1 })
      output = Guarded(garbage: t * g.valueWidth)
      weights = Guarded(garbage: t * g.scoreStride)
      (dq, dk) = (Guarded(normals(t * g.width, "dq")), Guarded(normals(s * g.width, "dk")))
      (dv, dScale) = (Guarded(normals(s * g.valueWidth, "dv")), Guarded(garbage: g.width))
    }

    func run(_ pool: WorkerPool, dropping: Attention.Dropping? = nil) {
      let attention = AdditiveAttention(
        geometry, query: q.base, key: k.base, value: v.base,
        scale: test.hasScale ? UnsafePointer(scale.base) : nil,
        mask: test.hasMask ? KeyMask(mask.base, keys: geometry.keys) : nil, dropping: dropping)
      let forwardScratch = Guarded<S>(
        garbage: AdditiveAttention<S>.forwardScratchCount(geometry))
      attention.forward(
        into: output.base, weights: weights.base, scratch: forwardScratch.base, pool: pool)
      let scratch = Guarded<S>(garbage: AdditiveAttention<S>.backwardScratchCount(geometry))
      attention.backward(
        outputGradient: dO.base, weights: weights.base,
        into: .init(query: dq.base, key: dk.base, value: dv.base), scaleGradient: dScale.base,
        accumulatesScale: false, scratch: scratch.base, pool: pool)
      for tensor in [output, weights, dq, dk, dv, dScale, scratch, forwardScratch] {
        tensor.expectUntouchedMargins()
      }
    }

    var results: [[Double]] {
      [output.values, dq.values, dk.values, dv.values, dScale.values]
    }

    /// The definition, in plain loops: O, and dQ, dK and dV added to what is there, and the gradient of the scale.
    var expected: [[Double]] {
      let (q, k, v, dO) = (q.values, k.values, v.values, dO.values)
      let (g, width, valueWidth) = (geometry, geometry.width, geometry.valueWidth)
      let scale = test.hasScale ? scale.values : Array(repeating: 1, count: width)
      let mask = mask.values
      var o = Array(repeating: 0.0, count: dO.count)
      var (dq, dk, dv) = (self.dq.values, self.dk.values, self.dv.values)
      var dScale = Array(repeating: 0.0, count: width)
      for n in 0..<g.batch {
        for t in n * g.queries..<(n + 1) * g.queries {
          let keys = (n * g.keys..<(n + 1) * g.keys).filter { s in
            (!g.isCausal || s - n * g.keys <= t - n * g.queries)
              && (!test.hasMask || mask[s] != 0)
          }
          func tanh(_ s: Int, _ d: Int) -> Double { .tanh(q[t * width + d] + k[s * width + d]) }
          var p = keys.map { s in (0..<width).reduce(0.0) { $0 + scale[$1] * tanh(s, $1) } }
          let top = p.max() ?? 0
          p = p.map { .exp($0 - top) }
          let sum = p.reduce(0, +)
          p = p.map { $0 / sum }
          let dp = keys.map { s in
            (0..<valueWidth).reduce(0.0) { $0 + dO[t * valueWidth + $1] * v[s * valueWidth + $1] }
          }
          let mean = zip(p, dp).reduce(0.0) { $0 + $1.0 * $1.1 }
          for (index, s) in keys.enumerated() {
            for c in 0..<valueWidth {
              o[t * valueWidth + c] += p[index] * v[s * valueWidth + c]
              dv[s * valueWidth + c] += p[index] * dO[t * valueWidth + c]
            }
            let ds = p[index] * (dp[index] - mean)
            for d in 0..<width {
              let slope = ds * scale[d] * (1 - tanh(s, d) * tanh(s, d))
              dq[t * width + d] += slope
              dk[s * width + d] += slope
              dScale[d] += ds * tanh(s, d)
            }
          }
        }
      }
      return [o, dq, dk, dv, dScale]
    }
  }

  @Test(arguments: cases) func agreesWithTheDefinition(_ test: Case) {
    check(test, Double.self, tolerance: 1e-11)
    check(test, Float.self, tolerance: 2e-4)
  }

  private func check<S: Scalar>(_ test: Case, _: S.Type, tolerance: Double) {
    let tensors = Tensors<S>(test)
    let expected = tensors.expected
    tensors.run(WorkerPool(threads: 2))
    let names = ["O", "dQ", "dK", "dV", "dscale"]
    for (index, (got, expected)) in zip(tensors.results, expected).enumerated() {
      expectClose(got, expected, within: tolerance, "\(S.self) \(names[index])")
    }
  }

  @Test func anyThreadsGiveTheSameBits() {
    expectSameForAnyThreads { pool in
      let tensors = Tensors<Float>(Self.cases[4])
      tensors.run(pool, dropping: .init(rate: 0.25, random: RandomStream(seed: 1, stream: 2)))
      return [tensors.output, tensors.dq, tensors.dk, tensors.dv, tensors.dScale].map {
        $0.bits.map(\.bitPattern)
      }
    }
  }

  @Test func dropsTheSameInBothTypes() {
    let dropping = Attention.Dropping(rate: 0.5, random: RandomStream(seed: 3, stream: 4))
    let (narrow, wide) = (Tensors<Float>(Self.cases[2]), Tensors<Double>(Self.cases[2]))
    let pool = WorkerPool(threads: 1)
    narrow.run(pool, dropping: dropping)
    wide.run(pool, dropping: dropping)
    for (one, other) in zip(narrow.results, wide.results) {
      expectClose(one, other, within: 5e-4)
    }
    let kept = Tensors<Double>(Self.cases[2])
    kept.run(pool)
    #expect(kept.output.values != wide.output.values)
  }
}
