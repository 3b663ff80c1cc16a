import COpenBLAS

/// The linear algebra library, held at one thread: parallelism is ours, in chunks that follow from shapes.
public enum OpenBLAS {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Tells the library, once, to compute on the calling thread.
  @inline(__always)
  public static func useOneThread() { _ = oneThread }

  /// The environment variable by which the library is told, before the program begins, for which processor to compute.
  static let coreTypeVariable = "OPENBLAS_CORETYPE"

  /// A processor of the library's that has the vectors of a level and no wider ones; nil where it cannot choose wider ones.
  static func coreType(for level: VectorLevel) -> String? {
    if level == .widest { return nil }
    return switch level {
    case .baseline: "Prescott"
    case .v3: "Haswell"
    case .v4: nil
    }
  }

  /// The processor that the library chose its kernels for.
  public static var core: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  /// What the library says of itself: version, options, and the processor it chose kernels for.
  public static var configuration: String {
    guard let text = openblas_get_config() else { return "OpenBLAS" }
    return String(cString: text)
  }
}
