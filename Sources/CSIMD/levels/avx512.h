// Vectors of 16 numbers (AVX-512).
#pragma once

#define WIDTH 16
typedef __m512 vector;

// The first numbers of a vector, for columns that do not fill one.
typedef __mmask16 part;

INLINE part part_of(int64_t count) {
  return count >= WIDTH ? 0xFFFF : (part)((1u << count) - 1);
}

INLINE vector splat(float x) { return _mm512_set1_ps(x); }
INLINE vector load(const float *from) { return _mm512_loadu_ps(from); }
INLINE void store(float *to, vector v) { _mm512_storeu_ps(to, v); }
// Zeros behind the part.
INLINE vector load_part(const float *from, part p) { return _mm512_maskz_loadu_ps(p, from); }
INLINE void store_part(float *to, part p, vector v) { _mm512_mask_storeu_ps(to, p, v); }
// a b + c.
INLINE vector multiply_add(vector a, vector b, vector c) { return _mm512_fmadd_ps(a, b, c); }

// The rows of a tile of registers: 28 of the 32 registers are sums, two hold a row of B, and elements of A are
// broadcast from memory as operands of the multiply-adds.
#define TILE_ROWS 14
// A stripe of B, which is wide here, is a panel by itself and stays in the first-level cache; blocks of so many rows
// of A stay in a second-level cache of 1 MiB while all stripes pass.
#define STRIPES 1
#define TILE_HEIGHT 448
// Whether products of large matrices pack A; with 14 rows a tile B is read seldom enough without.
#define PACKS_A 0
// A part costs no more than a whole vector, so no tile is compiled for whole ones alone.
#define PARTS_ARE_FREE 1

// Turns 16 rows into 16 columns: first within lanes of four numbers, then the lanes among themselves.
INLINE void turn_block(vector r[WIDTH]) {
  vector t[WIDTH];
  UNROLL for (int i = 0; i < 16; i += 4) {
    vector a = _mm512_unpacklo_ps(r[i], r[i + 1]), b = _mm512_unpackhi_ps(r[i], r[i + 1]);
    vector c = _mm512_unpacklo_ps(r[i + 2], r[i + 3]), d = _mm512_unpackhi_ps(r[i + 2], r[i + 3]);
    t[i] = _mm512_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm512_shuffle_ps(a, c, 0xEE);
    t[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm512_shuffle_ps(b, d, 0xEE);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    vector a = _mm512_shuffle_f32x4(t[i], t[i + 4], 0x88);
    vector b = _mm512_shuffle_f32x4(t[i], t[i + 4], 0xDD);
    vector c = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0x88);
    vector d = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0xDD);
    r[i] = _mm512_shuffle_f32x4(a, c, 0x88);
    r[i + 8] = _mm512_shuffle_f32x4(a, c, 0xDD);
    r[i + 4] = _mm512_shuffle_f32x4(b, d, 0x88);
    r[i + 12] = _mm512_shuffle_f32x4(b, d, 0xDD);
  }
}
