import CSIMD
import Foundation
import Testing

@testable import Kernels

@Suite struct VectorKernelsTests {
  /// A table is nothing but addresses of kernels and the two extents of a tile, none of which may be missing.
  @Test(arguments: VectorLevel.available) func everyLevelHasEveryKernel(_ level: VectorLevel) {
    var kernels = csimd_kernels_of(level.level).pointee
    let missing = withUnsafeBytes(of: &kernels) { bytes in
      Array(bytes.bindMemory(to: UInt.self)).enumerated().filter { $0.element == 0 }.map(\.offset)
    }
    #expect(missing.isEmpty, "numbers of the kernels that are missing")
  }

  /// Plans go by the largest tile, which the tiles of every level divide or do not exceed.
  @Test(arguments: VectorLevel.available) func noTileIsLargerThanPlansSay(_ level: VectorLevel) {
    let tiles = csimd_kernels_of(level.level).pointee.tiles
    #expect(tiles.rows <= RegisterTiles.mostRows)
    #expect(RegisterTiles.mostColumns % Int(tiles.columns) == 0)
    #expect(level.rawValue == String(cString: csimd_level_name(level.level)))
  }

  @Test func theLevelInUseIsTheOneThatTheEnvironmentNames() {
    let named = ProcessInfo.processInfo.environment[VectorLimit.variable]
    #expect(VectorLevel.current == named.flatMap(VectorLevel.init) ?? .widest)
  }

  /// Where a level was named, OpenBLAS has kernels for no more.
  @Test(.enabled(if: VectorLevel.current < .widest, "at the widest level OpenBLAS chooses itself"))
  func openBLASIsHeldToTheLevel() {
    #expect(OpenBLAS.core == OpenBLAS.coreType(for: .current))
  }

  /// A sum of products is taken in one order whatever the vectors, so levels that round alike give the same bits.
  @Test(.enabled(if: VectorLevel.widest == .v4, "needs AVX-512"))
  func productsAreTheSameBitsWithVectorsOf8And16() {
    let (m, n, k) = (61, 75, 700)
    let a = Guarded<Float>(normals(m * k, "a"))
    let b = Guarded<Float>(normals(k * n, "b"))
    let products = [VectorLevel.v3, .v4].map { level -> [Float] in
      let c = Guarded<Float>(garbage: m * n)
      csimd_kernels_of(level.level).pointee.tiles.gemm(
        false, false, Int64(m), Int64(n), Int64(k), 1, a.base, Int64(k), b.base, Int64(n), false,
        nil, c.base, Int64(n))
      c.expectUntouchedMargins()
      return c.bits
    }
    #expect(products[0] == products[1])
  }
}
