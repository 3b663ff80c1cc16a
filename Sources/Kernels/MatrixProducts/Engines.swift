/// What computes products of matrices, in words, for those who would know what a result depends on.
public enum Engines {
  public static var float32: String {
    let library =
      !Libxsmm.isBuiltIn
      ? "libxsmm is not built in"
      : Libxsmm.isAvailable ? "small ones by libxsmm" : "libxsmm does not serve this level"
    return "tiles of \(RegisterTiles.rows) x \(RegisterTiles.columns) numbers, \(library)"
  }
}
