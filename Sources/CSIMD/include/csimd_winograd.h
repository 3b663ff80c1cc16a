// winograd.h: the transforms of convolutions with 3x3 kernels at stride 1, F(2x2, 3x3) of A. Lavin and
// S. Gray, "Fast algorithms for convolutional neural networks", 2016.
//
// An output is cut into tiles of 2x2 pixels, counted row by row through all images; a tile sees a window of 4x4 pixels
// of the input. Each of the 16 numbers of a transformed window is multiplied with its own transformed kernel, so that a
// tile takes 16 products of [C] with [C, F] where its 4 windows of 3x3 take 36:
//
//     y = Aᵀ [(G g Gᵀ) · (Bᵀ d B)] A,  dg = Gᵀ [Σ over tiles (Bᵀ d B)ᵀ · (A dy Aᵀ)] G
//
// A transformed tile is 16 rows of channels, `step` numbers apart, each in its place among those of the tiles beside it.
// Channels and filters come in multiples of 16.
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  // Of the images whose windows or pixels are meant, and their channels.
  int64_t height, width, channels;
  // Rows and columns of tiles of an image.
  int64_t tile_rows, tile_columns;
  // Zeros above and to the left of the images; the first tile's window begins there.
  int64_t padding_top, padding_left;
} csimd_winograd;

typedef struct {
  // v[i * step + t * C ...] = (Bᵀ d B)[i] of tile first + t, for 0 <= t < count.
  void (*winograd_windows)(
      const csimd_winograd *g, const float *x, int64_t first, int64_t count, float *v, int64_t step);

  // v = (A dy Aᵀ) of the same tiles; no padding is looked at.
  void (*winograd_gradients)(
      const csimd_winograd *g, const float *dy, int64_t first, int64_t count, float *v, int64_t step);

  // y = Aᵀ m A + (accumulate ? y : 0) + bias of the same tiles; `bias` may be null. No padding is looked at.
  void (*winograd_outputs)(
      const csimd_winograd *g, const float *m, int64_t step, int64_t first, int64_t count,
      const float *bias, bool accumulate, float *y);

  // u[16][C][F] = G g Gᵀ of a kernel [3][3][C][F], for channels first..<first + count of C, multiples of 16.
  // If turned, of the kernel that takes gradients of outputs to those of inputs: u[16][F][C], turned by 180 degrees.
  void (*winograd_kernel)(
      const float *kernel, int64_t channels, int64_t filters, int64_t first, int64_t count,
      bool turned, float *u);

  // dkernel[3][3][C][F] = Gᵀ u G.
  void (*winograd_kernel_gradient)(
      const float *u, int64_t channels, int64_t filters, float *dkernel);
} csimd_winograd_kernels;
