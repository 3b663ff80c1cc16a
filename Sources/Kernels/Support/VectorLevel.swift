import CSIMD

/// How wide the vectors of kernels are: of our own and of those of libraries.
public enum VectorLevel: String, CaseIterable, Comparable, Sendable {
  /// SSE2 on x86-64, Neon on arm64: vectors of 4 numbers.
  case baseline
  /// x86-64-v3, AVX2 and FMA: vectors of 8 numbers.
  case v3
  /// x86-64-v4, AVX-512: vectors of 16 numbers.
  case v4

  /// The widest that this processor has.
  public static let widest = VectorLevel(csimd_widest_level())

  /// The one in use: until `VectorLimit` chooses, the one that the environment names, or the widest.
  public static var current: VectorLevel { VectorLevel(csimd_level_in_use()) }

  /// The levels that this processor has, from narrow to wide.
  public static var available: [VectorLevel] { allCases.filter { $0 <= widest } }

  public static func < (a: VectorLevel, b: VectorLevel) -> Bool {
    a.level.rawValue < b.level.rawValue
  }

  /// Makes our own kernels those of this level, which is no wider than the widest. No kernel may run meanwhile.
  func use() { csimd_use_level(level) }

  private init(_ level: csimd_level) {
    self = Self.allCases.first { $0.level == level } ?? .baseline
  }

  var level: csimd_level {
    switch self {
    case .baseline: csimd_level_baseline
    case .v3: csimd_level_v3
    case .v4: csimd_level_v4
    }
  }
}
