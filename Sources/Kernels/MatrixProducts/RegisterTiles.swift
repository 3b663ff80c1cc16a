import CSIMD

/// The tiles of registers that products are computed in, at the vector level in use.
enum RegisterTiles {
  static var rows: Int { Int(VectorKernels.current.tiles.rows) }
  static var columns: Int { Int(VectorKernels.current.tiles.columns) }

  /// What the highest tile of any level has, and the widest: plans go by these, so that they are the same at each.
  static let mostRows = 14
  static let mostColumns = 32
}
