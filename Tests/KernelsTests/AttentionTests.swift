import TensorCore
import Testing

@testable import Kernels

@Suite struct AttentionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var geometry: AttentionGeometry
    var testDescription: String { "\(geometry)" }

    init(
      _ batch: Int, _ heads: Int, _ queries: Int, _ keys: Int, _ width: Int, values: Int? = nil,
      causal: Bool, scaled: Bool = true
    ) {
      geometry = AttentionGeometry(
        batch: batch, heads: heads, queries: queries, keys: keys, width: width,
        valueWidth: values, isCausal: causal, isScaled: scaled)
    }
  }

  static let cases = [
    Case(1, 1, 1, 1, 1, causal: false), Case(2, 3, 5, 7, 4, causal: false),
    Case(2, 2, 17, 17, 16, causal: true), Case(1, 2, 150, 150, 8, causal: true),
    Case(1, 1, 70, 200, 32, causal: true), Case(1, 1, 200, 70, 32, causal: true),
    Case(3, 4, 64, 64, 32, causal: true), Case(2, 6, 33, 129, 64, causal: false),
    Case(1, 1, 40, 2_100, 3, causal: false),
    Case(2, 3, 21, 34, 5, values: 18, causal: false, scaled: false),
    Case(2, 1, 70, 70, 33, values: 4, causal: true),
  ]

  /// Tensors of all heads as rows; queries, keys and values of self attention lie side by side in one.
  private struct Tensors<S: Scalar> {
    let (q, k, v, dO): (Guarded<S>, Guarded<S>, Guarded<S>, Guarded<S>)
    let (output, logSums): (Guarded<S>, Guarded<S>)
    let (dq, dk, dv): (Guarded<S>, Guarded<S>, Guarded<S>)
    let geometry: AttentionGeometry
    /// Two scalars lie between rows.
    let stride: Int

    init(_ geometry: AttentionGeometry) {
      self.geometry = geometry
      stride = geometry.heads * max(geometry.width, geometry.valueWidth) + 2
      let (t, s) = (
        geometry.batch * geometry.queries * stride, geometry.batch * geometry.keys * stride
      )
      (q, k) = (Guarded(normals(t, "q")), Guarded(normals(s, "k", scale: 2)))
      (v, dO) = (Guarded(normals(s, "v")), Guarded(normals(t, "dO")))
      output = Guarded(garbage: t)
      logSums = Guarded(garbage: geometry.batch * geometry.heads * geometry.queries)
      (dq, dk, dv) = (Guarded(garbage: t), Guarded(garbage: s), Guarded(garbage: s))
    }

    /// - Parameter binds: whether libxsmm may be chosen, where there is one.
    func run(_ pool: WorkerPool, dropping: Attention.Dropping? = nil, binds: Bool = true) {
      func rows(_ tensor: Guarded<S>) -> StridedRows<S> { StridedRows(tensor.base, stride: stride) }
      let operands = Attention.Operands(query: rows(q), key: rows(k), value: rows(v))
      let products = AttentionProducts(geometry, operands.strides(output: stride))
      let forwardScratch = Guarded<S>(garbage: geometry.forwardScratchCount)
      Attention.forward(
        operands, geometry,
        products: binds ? BoundProducts(products.forward, of: S.self) : .none,
        dropping: dropping, into: rows(output), logSums: logSums.base,
        scratch: forwardScratch.base, pool: pool)
      let scratch = Guarded<S>(garbage: geometry.backwardScratchCount)
      Attention.backward(
        operands, geometry,
        products: binds ? BoundProducts(products.backward, of: S.self) : .none,
        dropping: dropping, output: rows(output), outputGradient: rows(dO),
        logSums: logSums.base, into: .init(query: rows(dq), key: rows(dk), value: rows(dv)),
        scratch: scratch.base, pool: pool)
      for tensor in [output, logSums, dq, dk, dv, scratch, forwardScratch] {
        tensor.expectUntouchedMargins()
      }
    }

    /// The definition, in plain loops: O, dQ, dK and dV; what lies between rows is not a number.
    var expected: [[Double]] {
      let (q, k, v, dO) = (q.values, k.values, v.values, dO.values)
      var (o, dq) = (output.values, self.dq.values)
      var (dk, dv) = (self.dk.values, self.dv.values)
      let (width, valueWidth) = (geometry.width, geometry.valueWidth)
      let scale = geometry.isScaled ? 1 / Double(width).squareRoot() : 1
      for n in 0..<geometry.batch {
        for h in 0..<geometry.heads {
          func query(_ t: Int, _ c: Int) -> Int {
            (n * geometry.queries + t) * stride + h * width + c
          }
          func key(_ s: Int, _ c: Int) -> Int { (n * geometry.keys + s) * stride + h * width + c }
          func out(_ t: Int, _ c: Int) -> Int {
            (n * geometry.queries + t) * stride + h * valueWidth + c
          }
          func value(_ s: Int, _ c: Int) -> Int {
            (n * geometry.keys + s) * stride + h * valueWidth + c
          }
          for s in 0..<geometry.keys {
            for c in 0..<width { dk[key(s, c)] = 0 }
            for c in 0..<valueWidth { dv[value(s, c)] = 0 }
          }
          for t in 0..<geometry.queries {
            let seen = geometry.isCausal ? min(t + 1, geometry.keys) : geometry.keys
            var p = (0..<seen).map { s in
              scale * (0..<width).reduce(0.0) { $0 + q[query(t, $1)] * k[key(s, $1)] }
            }
            let top = p.max() ?? 0
            p = p.map { .exp($0 - top) }
            let sum = p.reduce(0, +)
            p = p.map { $0 / sum }
            let dp = (0..<seen).map { s in
              (0..<valueWidth).reduce(0.0) { $0 + dO[out(t, $1)] * v[value(s, $1)] }
            }
            let mean = zip(p, dp).reduce(0.0) { $0 + $1.0 * $1.1 }
            for c in 0..<width { dq[query(t, c)] = 0 }
            for c in 0..<valueWidth { o[out(t, c)] = 0 }
            for s in 0..<seen {
              let ds = p[s] * (dp[s] - mean) * scale
              for c in 0..<width {
                dq[query(t, c)] += ds * k[key(s, c)]
                dk[key(s, c)] += ds * q[query(t, c)]
              }
              for c in 0..<valueWidth {
                o[out(t, c)] += p[s] * v[value(s, c)]
                dv[value(s, c)] += p[s] * dO[out(t, c)]
              }
            }
          }
        }
      }
      return [o, dq, dk, dv]
    }

    var results: [[Double]] { [output.values, dq.values, dk.values, dv.values] }
  }

  @Test(arguments: cases) func agreesWithTheDefinition(_ test: Case) {
    check(test, Double.self, tolerance: 1e-11)
    check(test, Float.self, tolerance: 2e-4)
    check(test, Float.self, tolerance: 2e-4, binds: false)
  }

  private func check<S: Scalar>(
    _ test: Case, _: S.Type, tolerance: Double, binds: Bool = true
  ) {
    let tensors = Tensors<S>(test.geometry)
    tensors.run(WorkerPool(threads: 2), binds: binds)
    for (index, (got, expected)) in zip(tensors.results, tensors.expected).enumerated() {
      expectClose(got, expected, within: tolerance, "\(S.self) \(["O", "dQ", "dK", "dV"][index])")
    }
  }

  @Test(arguments: [true, false]) func anyThreadsGiveTheSameBits(binds: Bool) {
    expectSameForAnyThreads { pool in
      let tensors = Tensors<Float>(Self.cases[6].geometry)
      tensors.run(
        pool, dropping: .init(rate: 0.25, random: RandomStream(seed: 1, stream: 2)), binds: binds)
      return [tensors.output, tensors.dq, tensors.dk, tensors.dv].map { $0.bits.map(\.bitPattern) }
    }
  }

  /// Where all values are one, a row of O is the share that is kept: Float and Double drop the same.
  @Test func dropsTheSameInBothTypes() {
    let geometry = Self.cases[3].geometry
    let dropping = Attention.Dropping(rate: 0.5, random: RandomStream(seed: 3, stream: 4))
    let (narrow, wide) = (Tensors<Float>(geometry), Tensors<Double>(geometry))
    let pool = WorkerPool(threads: 1)
    narrow.run(pool, dropping: dropping)
    wide.run(pool, dropping: dropping)
    for (one, other) in zip(narrow.results, wide.results) {
      expectClose(one, other, within: 2e-4)
    }
    let kept = Tensors<Double>(geometry)
    kept.run(pool)
    #expect(kept.output.values != wide.output.values)
  }
}
