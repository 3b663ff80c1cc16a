// Vectors of 8 numbers (AVX2 and FMA).
#pragma once

#define WIDTH 8
typedef __m256 vector;

// The first numbers of a vector, for columns that do not fill one: all bits set where a number counts.
typedef __m256i part;

INLINE part part_of(int64_t count) {
  const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count > WIDTH ? WIDTH : (int)count), places);
}

INLINE vector splat(float x) { return _mm256_set1_ps(x); }
INLINE vector load(const float *from) { return _mm256_loadu_ps(from); }
INLINE void store(float *to, vector v) { _mm256_storeu_ps(to, v); }
// Zeros behind the part.
INLINE vector load_part(const float *from, part p) { return _mm256_maskload_ps(from, p); }
INLINE void store_part(float *to, part p, vector v) { _mm256_maskstore_ps(to, p, v); }
// a b + c.
INLINE vector multiply_add(vector a, vector b, vector c) { return _mm256_fmadd_ps(a, b, c); }

// The rows of a tile of registers: 12 of the 16 registers are sums, two hold a row of B, and one an element of A.
#define TILE_ROWS 6
// Stripes of columns of B that a panel has: they stay in a second-level cache of 256 KiB, and a tile of A in the
// first-level one while it goes over all of them. So B is packed once for all rows, and no blocks are made of these.
#define STRIPES 8
#define TILE_HEIGHT (1 << 30)
// Whether products of large matrices pack A.
#define PACKS_A 1
#define PARTS_ARE_FREE 0

// Turns 8 rows into 8 columns: first within lanes of four numbers, then the lanes among themselves.
INLINE void turn_block(vector r[WIDTH]) {
  vector t[WIDTH];
  UNROLL for (int i = 0; i < 8; i += 4) {
    vector a = _mm256_unpacklo_ps(r[i], r[i + 1]), b = _mm256_unpackhi_ps(r[i], r[i + 1]);
    vector c = _mm256_unpacklo_ps(r[i + 2], r[i + 3]), d = _mm256_unpackhi_ps(r[i + 2], r[i + 3]);
    t[i] = _mm256_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm256_shuffle_ps(a, c, 0xEE);
    t[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm256_shuffle_ps(b, d, 0xEE);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    r[i] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x20);
    r[i + 4] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x31);
  }
}
