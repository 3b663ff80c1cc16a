import TensorCore

/// A tensor with sentinels before and behind it, which tell of writes past its ends and poison reads past them.
final class Guarded<S: Scalar> {
  private static var margin: Int { 64 }
  private static var sentinel: S {
    S(
      sign: .plus, exponentBitPattern: S.nan.exponentBitPattern,
      significandBitPattern: S.nan.significandBitPattern | 0x5EA1)
  }

  let view: View<S>
  private let memory: UnsafeMutablePointer<S>

  /// A tensor of these elements, or of NaN.
  init(_ shape: Shape, _ elements: [S]? = nil) {
    let count = shape.count + 2 * Self.margin
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<S>.stride, alignment: 64
    ).bindMemory(to: S.self, capacity: count)
    memory.initialize(repeating: Self.sentinel, count: count)
    view = View(memory + Self.margin, shape)
    view.fill(.nan)
    if let elements { view.copy(from: elements) }
  }

  deinit { memory.deallocate() }

  /// Whether the sentinels are as they were.
  var isIntact: Bool {
    let behind = Self.margin + view.count
    return (0..<Self.margin).allSatisfy {
      Self.bits(memory[$0]) == Self.bits(Self.sentinel)
        && Self.bits(memory[behind + $0]) == Self.bits(Self.sentinel)
    }
  }

  private static func bits(_ value: S) -> (S.RawSignificand, Bool) {
    (value.significandBitPattern, value.isNaN)
  }
}

/// Whether two lists hold the same bits (NaN equals NaN).
func sameBits<S: Scalar>(_ one: [S], _ other: [S]) -> Bool {
  one.count == other.count
    && zip(one, other).allSatisfy {
      $0.significandBitPattern == $1.significandBitPattern
        && $0.exponentBitPattern == $1.exponentBitPattern && $0.sign == $1.sign
    }
}
