import COpenBLAS

/// The linear algebra library, held at one thread: parallelism is ours, in chunks that follow from shapes.
public enum OpenBLAS {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Tells the library, once, to compute on the calling thread.
  @inline(__always)
  public static func useOneThread() { _ = oneThread }

  /// What the library says of itself: version, options, and the processor it chose kernels for.
  public static var configuration: String {
    guard let text = openblas_get_config() else { return "OpenBLAS" }
    return String(cString: text)
  }
}
