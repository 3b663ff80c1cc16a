#include "transpose.h"
#include "clones.h"
#include "csimd_elementwise.h"
#include "csimd_tiles.h"

static void plain(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to) {
  for (size_t c = 0; c < columns; c++, y += to) {
    for (size_t r = 0; r < rows; r++) y[r] = scale * x[r * from + c];
    for (size_t r = rows; r < to; r++) y[r] = 0;
  }
}

#if defined(__x86_64__)

INLINE __mmask16 mask_of(size_t count) {
  return count >= 16 ? 0xFFFF : (__mmask16)((1u << count) - 1);
}

static AVX512 void in_blocks(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to) {
  const __m512 factor = _mm512_set1_ps(scale);
  for (size_t c = 0; c < columns; c += 16) {
    for (size_t r = 0; r < to; r += 16) {
      const __mmask16 mask = mask_of(columns - c), stored = mask_of(to - r);
      __m512 block[16];
      UNROLL for (size_t i = 0; i < 16; i++) {
        block[i] = r + i < rows ? _mm512_maskz_loadu_ps(mask, x + (r + i) * from + c)
                                : _mm512_setzero_ps();
      }
      transpose(block);
      UNROLL for (size_t i = 0; i < 16; i++) {
        if (c + i < columns) {
          _mm512_mask_storeu_ps(y + (c + i) * to + r, stored, _mm512_mul_ps(factor, block[i]));
        }
      }
    }
  }
}

void csimd_transpose(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to) {
  (csimd_has_tiles() ? in_blocks : plain)(x, from, rows, columns, scale, y, to);
}

#else

void csimd_transpose(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to) {
  plain(x, from, rows, columns, scale, y, to);
}

#endif
