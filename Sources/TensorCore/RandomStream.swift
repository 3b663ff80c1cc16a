import RealModule

/// Random numbers that are a function of (seed, stream, step, index), never of who asked first.
///
/// A stream is named for what it serves (a layer, the shuffle, one parameter's initial values), so adding one
/// user of randomness moves no other's numbers.
public struct RandomStream: Sendable {
  /// The run's seed.
  public let seed: UInt64
  /// Which user of randomness this is.
  public let stream: UInt64
  /// Which draw of that user: the training step, the epoch; below 2^32.
  public var step: Int

  public init(seed: UInt64, stream: UInt64, step: Int = 0) {
    self.seed = seed
    self.stream = stream
    self.step = step
  }

  /// The stream named by a text, by its 64-bit FNV-1a hash.
  public init(seed: UInt64, name: String, step: Int = 0) {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    self.init(seed: seed, stream: hash, step: step)
  }

  /// The same stream at another step.
  public func at(step: Int) -> RandomStream {
    RandomStream(seed: seed, stream: stream, step: step)
  }

  /// Four random words; `index` is below 2^32.
  public func words(_ index: Int) -> SIMD4<UInt32> {
    Philox(key: seed).block(
      SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: step),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)))
  }

  /// One random word; four neighbouring indices share one Philox block.
  public func word(_ index: Int) -> UInt32 { words(index >> 2)[index & 3] }

  /// A number in [0, 1), a multiple of 2^-24, exact in `Float` and `Double`.
  public func uniform(_ index: Int) -> Double { Double(word(index) >> 8) * 0x1p-24 }

  /// The numbers `uniform(4 block)` to `uniform(4 block + 3)`, of one Philox block.
  public func uniforms(block: Int) -> SIMD4<Double> {
    SIMD4<Double>(words(block) &>> 8) * 0x1p-24
  }

  /// A number of the standard normal distribution (Box and Muller 1958), two to a pair of words.
  public func normal(_ index: Int) -> Double {
    let (radius, angle) = polar(words(index >> 2), index & 2)
    return radius * (index & 1 == 0 ? Double.cos(angle) : Double.sin(angle))
  }

  /// The radius and the angle that a pair of words makes.
  private func polar(_ words: SIMD4<UInt32>, _ pair: Int) -> (radius: Double, angle: Double) {
    // 1 - u is in (0, 1], where the logarithm is finite.
    let radius = Double.sqrt(-2 * Double.log(1 - Double(words[pair] >> 8) * 0x1p-24))
    return (radius, 2 * Double.pi * (Double(words[pair + 1] >> 8) * 0x1p-24))
  }

  /// The numbers `normal(4 block)` to `normal(4 block + 3)`: one Philox block and two logarithms for all four.
  public func normals(block: Int) -> SIMD4<Double> {
    let words = words(block)
    var normals = SIMD4<Double>()
    for pair in stride(from: 0, to: 4, by: 2) {
      let (radius, angle) = polar(words, pair)
      normals[pair] = radius * Double.cos(angle)
      normals[pair + 1] = radius * Double.sin(angle)
    }
    return normals
  }

  /// An integer in 0..<bound, without bias worth naming (64-bit multiply-shift); `bound` is below 2^32.
  public func integer(_ index: Int, below bound: Int) -> Int {
    let block = words(index >> 1)
    let pair = (index & 1) * 2
    let word = UInt64(block[pair]) << 32 | UInt64(block[pair + 1])
    return Int(word.multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers 0..<count in random order (Fisher and Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(last, below: last + 1))
    }
    return order
  }
}
