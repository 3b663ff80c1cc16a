import Kernels
import Training

/// What `--version` prints: everything that results depend on.
enum VersionText {
  static var text: String {
    """
    dlcli \(Version.number)
    Swift \(swiftVersion)
    BLAS \(OpenBLAS.configuration), 1 thread a call
    libxsmm \(Libxsmm.isAvailable ? "for small products" : "not built in")
    threads \(Machine.threads)
    """
  }

  private static var swiftVersion: String {
    #if compiler(>=6.3)
      "6.3 or later"
    #else
      "6.2"
    #endif
  }
}
