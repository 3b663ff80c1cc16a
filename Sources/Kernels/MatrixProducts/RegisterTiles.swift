import CSIMD

/// The tiles of registers that products are computed in, at the vector level in use.
enum RegisterTiles {
  static var rows: Int { Int(vectors.tiles.rows) }
  static var columns: Int { Int(vectors.tiles.columns) }
}
