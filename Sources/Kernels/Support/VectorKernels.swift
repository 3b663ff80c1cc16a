import CSIMD
import TensorCore

/// The vector kernels of one level, family by family.
struct VectorKernels {
  /// Those of the level in use.
  @inline(__always)
  static var current: VectorKernels { VectorKernels(table: csimd_kernels_in_use()) }

  private let table: UnsafePointer<csimd_kernels>

  // Each as an address and a place: the table is large, and one function of it is wanted.
  @inline(__always) var attention: csimd_attention_kernels { table.pointee.attention }
  @inline(__always) var convolution: csimd_convolution_kernels { table.pointee.convolution }
  @inline(__always) var elementwise: csimd_elementwise_kernels { table.pointee.elementwise }
  @inline(__always) var losses: csimd_losses_kernels { table.pointee.losses }
  @inline(__always) var normalization: csimd_normalization_kernels { table.pointee.normalization }
  @inline(__always) var pooling: csimd_pooling_kernels { table.pointee.pooling }
  @inline(__always) var recurrent: csimd_recurrent_kernels { table.pointee.recurrent }
  @inline(__always) var softmax: csimd_softmax_kernels { table.pointee.softmax }
  @inline(__always) var tiles: csimd_tiles_kernels { table.pointee.tiles }
  @inline(__always) var training: csimd_training_kernels { table.pointee.training }
  @inline(__always) var winograd: csimd_winograd_kernels { table.pointee.winograd }
}

extension Scalar {
  /// The vector kernels that serve this type; nil for a type that plain Swift serves. Nothing else decides which of
  /// both computes.
  @inline(__always)
  static var vectors: VectorKernels? { self == Float.self ? .current : nil }
}
