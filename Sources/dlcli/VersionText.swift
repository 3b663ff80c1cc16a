import Kernels
import Training

/// What `--version` prints: everything that results depend on.
enum VersionText {
  static var text: String {
    """
    dlcli \(Version.number)
    Swift \(swiftVersion)
    vectors \(VectorLevel.current.rawValue) of \(VectorLevel.widest.rawValue)
    products of float32 \(Engines.float32), of float64 OpenBLAS
    \(OpenBLAS.configuration), kernels for \(OpenBLAS.core), 1 thread a call
    cores \(Machine.threads)
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
