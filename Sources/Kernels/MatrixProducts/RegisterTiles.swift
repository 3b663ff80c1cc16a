import CSIMD

/// Products in tiles of registers, our own kernel for processors with AVX-512.
///
/// OpenBLAS knows processors by name and gives those it has not heard of its kernels for older ones, at half the
/// speed; it also packs both factors at each call, which is most of the work where one is small. Everything has its
/// OpenBLAS path too, for other processors and for `Double`.
enum RegisterTiles {
  /// Whether this processor can.
  static let areAvailable = csimd_has_tiles()
}
