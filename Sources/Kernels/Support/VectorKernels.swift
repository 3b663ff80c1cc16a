import CSIMD

/// The vector kernels of the level in use.
@inline(__always)
var vectors: csimd_kernels { csimd_kernels_in_use().pointee }
