import TensorCore
import Testing

/// Memory with sentinels before and behind it, and a first element that need not lie on a vector's boundary.
///
/// It is never freed: a test passes `base` on, which does not keep the object.
final class Guarded<S: Scalar> {
  private static var margin: Int { 64 }
  private let memory: UnsafeMutablePointer<S>
  let count: Int
  private let sentinel: S = -12_345.5
  private let offset: Int

  init(_ values: [Double], offset: Int = 0) {
    count = values.count
    self.offset = Self.margin + offset
    memory = .allocate(capacity: count + 2 * Self.margin + offset)
    memory.initialize(repeating: sentinel, count: count + 2 * Self.margin + offset)
    for (i, value) in values.enumerated() { base[i] = S(value) }
  }

  /// Garbage, as a destination holds that must be overwritten.
  convenience init(garbage count: Int, offset: Int = 0) {
    self.init(Array(repeating: .nan, count: count), offset: offset)
  }

  var base: UnsafeMutablePointer<S> { memory + offset }
  var values: [Double] { (0..<count).map { Double(base[$0]) } }
  var bits: [S] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// It as a place for a gradient.
  func gradient(accumulates: Bool) -> Gradient<S> {
    Gradient(View(base, [count]), accumulates: accumulates)
  }

  /// Fails the test if somebody wrote outside.
  func expectUntouchedMargins(_ location: SourceLocation = #_sourceLocation) {
    let before = (0..<offset).allSatisfy { memory[$0] == sentinel }
    let behind = (0..<Self.margin).allSatisfy { base[count + $0] == sentinel }
    #expect(before && behind, "a margin was written", sourceLocation: location)
  }
}

/// Lengths around the widths of vectors, and one that is more than one chunk.
let oddLengths = [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 257, 40_003]

/// Reproducible normal numbers.
func normals(_ count: Int, _ name: String = "x", scale: Double = 1) -> [Double] {
  let stream = RandomStream(seed: 11, name: name)
  // Rounded to Float, so that both types compute on the same numbers.
  return (0..<count).map { Double(Float(stream.normal($0) * scale)) }
}

/// Fails the test where two lists differ by more than `tolerance`, absolute below 1 and relative above.
func expectClose(
  _ got: [Double], _ expected: [Double], within tolerance: Double, _ comment: String = "",
  _ location: SourceLocation = #_sourceLocation
) {
  #expect(got.count == expected.count, sourceLocation: location)
  for (i, (g, e)) in zip(got, expected).enumerated() {
    if g == e || g.isNaN && e.isNaN { continue }
    if !(abs(g - e) <= tolerance * max(1, abs(e))) {
      Issue.record("\(comment) at \(i): got \(g), expected \(e)", sourceLocation: location)
      return
    }
  }
}

/// The same bits for any number of threads: runs `body` with several pools and compares what it returns.
func expectSameForAnyThreads<T: Equatable>(
  _ location: SourceLocation = #_sourceLocation, _ body: (WorkerPool) -> T
) {
  let one = body(WorkerPool(threads: 1))
  for threads in [2, 3, 4, 8] {
    #expect(body(WorkerPool(threads: threads)) == one, sourceLocation: location)
  }
}
