// Vectors of 4 numbers, which every processor has that we compile for: SSE2, or Neon on arm64.
#pragma once

#define WIDTH 4
typedef float vector __attribute__((ext_vector_type(WIDTH)));
typedef float unaligned_vector __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));

// How many numbers of a vector count, for columns that do not fill one.
typedef int64_t part;

INLINE part part_of(int64_t count) { return count > WIDTH ? WIDTH : count; }

INLINE vector splat(float x) { return x; }
INLINE vector load(const float *from) { return *(const unaligned_vector *)from; }
INLINE void store(float *to, vector v) { *(unaligned_vector *)to = v; }
// Zeros behind the part.
INLINE vector load_part(const float *from, part p) {
  if (p == WIDTH) return load(from);
  vector v = 0;
  for (part i = 0; i < p; i++) v[i] = from[i];
  return v;
}
INLINE void store_part(float *to, part p, vector v) {
  for (part i = 0; i < p; i++) to[i] = v[i];
}
// a b + c, rounded once where the processor can.
INLINE vector multiply_add(vector a, vector b, vector c) {
#if defined(__aarch64__)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// The rows of a tile of registers: 12 registers are sums, two hold a row of B, and one a product.
#define TILE_ROWS 6
// Stripes of columns of B that a panel has: they stay in a second-level cache of 256 KiB, and a tile of A in the
// first-level one while it goes over all of them. So B is packed once for all rows, and no blocks are made of these.
#define STRIPES 8
#define TILE_HEIGHT (1 << 30)
// Whether products of large matrices pack A.
#define PACKS_A 1
#define PARTS_ARE_FREE 0

// Turns 4 rows into 4 columns.
INLINE void turn_block(vector r[WIDTH]) {
  const vector a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
  const vector b = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  const vector c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
  const vector d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
