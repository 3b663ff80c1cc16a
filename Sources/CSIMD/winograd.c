#include "csimd_winograd.h"
#include "transpose.h"

#if defined(__x86_64__)

#define HOT static inline __attribute__((always_inline)) AVX512
#define ADD _mm512_add_ps
#define SUB _mm512_sub_ps

// Has 2x2 pixels fetched of the row of tiles below, to be read or written. Tiles go from left to right, so there is time
// until then; the processor itself foresees little of it, as each row of pixels is a short stream. What lies behind the
// last image is never touched: fetching is no access.
#define FETCH(PIXEL, WRITE) \
  UNROLL for (int i = 0; i < 2; i++) { \
    UNROLL for (int j = 0; j < 2; j++) { \
      __builtin_prefetch((PIXEL) + i * pitch + j * channels, WRITE); \
    } \
  }

// Where a tile lies: its image, and its place among the image's tiles.
typedef struct {
  int64_t image, row, column;
} place;

HOT place place_of(const csimd_winograd *g, int64_t tile) {
  const int64_t tiles = g->tile_rows * g->tile_columns, rest = tile % tiles;
  return (place){tile / tiles, rest / g->tile_columns, rest % g->tile_columns};
}

HOT void advance(const csimd_winograd *g, place *p) {
  if (++p->column < g->tile_columns) return;
  p->column = 0;
  if (++p->row < g->tile_rows) return;
  p->row = 0;
  p->image++;
}

// Bᵀ d B of one window, whose pixels that are not inside the image are zeros.
HOT void transform_window(
    const float *from, int64_t pitch, int64_t channels, const bool inside[4][4], float *v,
    int64_t step) {
  const __m512 zero = _mm512_setzero_ps();
  for (int64_t c = 0; c < channels; c += 16) {
    __m512 d[4][4];
    FETCH(from + 4 * pitch + channels + c, 0);
    UNROLL for (int j = 0; j < 4; j++) {
      __m512 r[4];
      UNROLL for (int i = 0; i < 4; i++) {
        r[i] = inside[i][j] ? _mm512_loadu_ps(from + i * pitch + j * channels + c) : zero;
      }
      d[0][j] = SUB(r[0], r[2]);
      d[1][j] = ADD(r[1], r[2]);
      d[2][j] = SUB(r[2], r[1]);
      d[3][j] = SUB(r[1], r[3]);
    }
    UNROLL for (int i = 0; i < 4; i++) {
      float *to = v + 4 * i * step + c;
      _mm512_storeu_ps(to, SUB(d[i][0], d[i][2]));
      _mm512_storeu_ps(to + step, ADD(d[i][1], d[i][2]));
      _mm512_storeu_ps(to + 2 * step, SUB(d[i][2], d[i][1]));
      _mm512_storeu_ps(to + 3 * step, SUB(d[i][1], d[i][3]));
    }
  }
}

AVX512 void csimd_winograd_windows(
    const csimd_winograd *g, const float *x, int64_t first, int64_t count, float *v, int64_t step) {
  // Known when compiled: most windows lie within the image, and are transformed without a question.
  static const bool whole[4][4] = {
      {true, true, true, true}, {true, true, true, true}, {true, true, true, true},
      {true, true, true, true}};
  const int64_t channels = g->channels, pitch = g->width * channels;
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, v += channels, advance(g, &p)) {
    const int64_t top = 2 * p.row - g->padding_top, left = 2 * p.column - g->padding_left;
    const float *from = x + (p.image * g->height + top) * pitch + left * channels;
    if (top >= 0 && left >= 0 && top + 4 <= g->height && left + 4 <= g->width) {
      transform_window(from, pitch, channels, whole, v, step);
      continue;
    }
    bool inside[4][4];
    UNROLL for (int i = 0; i < 4; i++) {
      UNROLL for (int j = 0; j < 4; j++) {
        inside[i][j] = top + i >= 0 && top + i < g->height && left + j >= 0 && left + j < g->width;
      }
    }
    transform_window(from, pitch, channels, inside, v, step);
  }
}

AVX512 void csimd_winograd_gradients(
    const csimd_winograd *g, const float *dy, int64_t first, int64_t count, float *v,
    int64_t step) {
  const int64_t channels = g->channels, pitch = g->width * channels;
  const __m512 zero = _mm512_setzero_ps();
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, v += channels, advance(g, &p)) {
    const float *from = dy + (p.image * g->height + 2 * p.row) * pitch + 2 * p.column * channels;
    const bool below = 2 * p.row + 1 < g->height, beside = 2 * p.column + 1 < g->width;
    for (int64_t c = 0; c < channels; c += 16) {
      FETCH(from + 2 * pitch + c, 0);
      const __m512 y00 = _mm512_loadu_ps(from + c);
      const __m512 y01 = beside ? _mm512_loadu_ps(from + channels + c) : zero;
      const __m512 y10 = below ? _mm512_loadu_ps(from + pitch + c) : zero;
      const __m512 y11 = below && beside ? _mm512_loadu_ps(from + pitch + channels + c) : zero;
      const __m512 rows[4][2] = {
          {y00, y01},
          {ADD(y00, y10), ADD(y01, y11)},
          {SUB(y00, y10), SUB(y01, y11)},
          {SUB(zero, y10), SUB(zero, y11)}};
      UNROLL for (int i = 0; i < 4; i++) {
        float *to = v + 4 * i * step + c;
        _mm512_storeu_ps(to, rows[i][0]);
        _mm512_storeu_ps(to + step, ADD(rows[i][0], rows[i][1]));
        _mm512_storeu_ps(to + 2 * step, SUB(rows[i][0], rows[i][1]));
        _mm512_storeu_ps(to + 3 * step, SUB(zero, rows[i][1]));
      }
    }
  }
}

AVX512 void csimd_winograd_outputs(
    const csimd_winograd *g, const float *m, int64_t step, int64_t first, int64_t count,
    const float *bias, bool accumulate, float *y) {
  const int64_t channels = g->channels, pitch = g->width * channels;
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, m += channels, advance(g, &p)) {
    float *to = y + (p.image * g->height + 2 * p.row) * pitch + 2 * p.column * channels;
    const bool below = 2 * p.row + 1 < g->height, beside = 2 * p.column + 1 < g->width;
    for (int64_t c = 0; c < channels; c += 16) {
      __m512 r[2][4];
      FETCH(to + 2 * pitch + c, 1);
      UNROLL for (int j = 0; j < 4; j++) {
        const __m512 m0 = _mm512_loadu_ps(m + j * step + c);
        const __m512 m1 = _mm512_loadu_ps(m + (4 + j) * step + c);
        const __m512 m2 = _mm512_loadu_ps(m + (8 + j) * step + c);
        const __m512 m3 = _mm512_loadu_ps(m + (12 + j) * step + c);
        r[0][j] = ADD(m0, ADD(m1, m2));
        r[1][j] = SUB(m1, ADD(m2, m3));
      }
      const __m512 start = bias ? _mm512_loadu_ps(bias + c) : _mm512_setzero_ps();
      UNROLL for (int i = 0; i < 2; i++) {
        if (i && !below) continue;
        __m512 o0 = ADD(start, ADD(r[i][0], ADD(r[i][1], r[i][2])));
        __m512 o1 = ADD(start, SUB(r[i][1], ADD(r[i][2], r[i][3])));
        float *pixel = to + i * pitch + c;
        if (accumulate) o0 = ADD(o0, _mm512_loadu_ps(pixel));
        _mm512_storeu_ps(pixel, o0);
        if (!beside) continue;
        if (accumulate) o1 = ADD(o1, _mm512_loadu_ps(pixel + channels));
        _mm512_storeu_ps(pixel + channels, o1);
      }
    }
  }
}

// G of three vectors.
HOT void spread(const __m512 g0, const __m512 g1, const __m512 g2, __m512 u[4]) {
  const __m512 half = _mm512_set1_ps(0.5f), outer = _mm512_mul_ps(half, ADD(g0, g2));
  u[0] = g0;
  u[1] = _mm512_fmadd_ps(half, g1, outer);
  u[2] = _mm512_fnmadd_ps(half, g1, outer);
  u[3] = g2;
}

// Gᵀ of four vectors.
HOT void gather(const __m512 u0, const __m512 u1, const __m512 u2, const __m512 u3, __m512 g[3]) {
  const __m512 half = _mm512_set1_ps(0.5f), middle = _mm512_mul_ps(half, ADD(u1, u2));
  g[0] = ADD(u0, middle);
  g[1] = _mm512_mul_ps(half, SUB(u1, u2));
  g[2] = ADD(middle, u3);
}

AVX512 void csimd_winograd_kernel(
    const float *kernel, int64_t channels, int64_t filters, int64_t first, int64_t count,
    bool turned, float *u) {
  const int64_t tap = channels * filters;
  for (int64_t c = first; c < first + count; c += 16) {
    for (int64_t f = 0; f < filters; f += 16) {
      __m512 block[16][16];
      for (int i = 0; i < 16; i++) {
        const float *from = kernel + (c + i) * filters + f;
        __m512 columns[3][4];
        UNROLL for (int b = 0; b < 3; b++) {
          __m512 g[3];
          UNROLL for (int a = 0; a < 3; a++) {
            g[a] = _mm512_loadu_ps(from + (turned ? 8 - (3 * a + b) : 3 * a + b) * tap);
          }
          spread(g[0], g[1], g[2], columns[b]);
        }
        UNROLL for (int a = 0; a < 4; a++) {
          __m512 row[4];
          spread(columns[0][a], columns[1][a], columns[2][a], row);
          UNROLL for (int b = 0; b < 4; b++) block[4 * a + b][i] = row[b];
        }
      }
      for (int xi = 0; xi < 16; xi++) {
        float *to = u + xi * tap + (turned ? f * channels + c : c * filters + f);
        if (turned) transpose(block[xi]);
        for (int i = 0; i < 16; i++) {
          _mm512_storeu_ps(to + i * (turned ? channels : filters), block[xi][i]);
        }
      }
    }
  }
}

AVX512 void csimd_winograd_kernel_gradient(
    const float *u, int64_t channels, int64_t filters, float *dkernel) {
  const int64_t tap = channels * filters;
  for (int64_t i = 0; i < tap; i += 16) {
    __m512 rows[3][4];
    UNROLL for (int b = 0; b < 4; b++) {
      __m512 g[3];
      gather(
          _mm512_loadu_ps(u + b * tap + i), _mm512_loadu_ps(u + (4 + b) * tap + i),
          _mm512_loadu_ps(u + (8 + b) * tap + i), _mm512_loadu_ps(u + (12 + b) * tap + i), g);
      UNROLL for (int a = 0; a < 3; a++) rows[a][b] = g[a];
    }
    UNROLL for (int a = 0; a < 3; a++) {
      __m512 g[3];
      gather(rows[a][0], rows[a][1], rows[a][2], rows[a][3], g);
      UNROLL for (int b = 0; b < 3; b++) _mm512_storeu_ps(dkernel + (3 * a + b) * tap + i, g[b]);
    }
  }
}

#else

void csimd_winograd_windows(
    const csimd_winograd *g, const float *x, int64_t first, int64_t count, float *v, int64_t step) {
  __builtin_trap();
}

void csimd_winograd_gradients(
    const csimd_winograd *g, const float *dy, int64_t first, int64_t count, float *v,
    int64_t step) {
  __builtin_trap();
}

void csimd_winograd_outputs(
    const csimd_winograd *g, const float *m, int64_t step, int64_t first, int64_t count,
    const float *bias, bool accumulate, float *y) {
  __builtin_trap();
}

void csimd_winograd_kernel(
    const float *kernel, int64_t channels, int64_t filters, int64_t first, int64_t count,
    bool turned, float *u) {
  __builtin_trap();
}

void csimd_winograd_kernel_gradient(
    const float *u, int64_t channels, int64_t filters, float *dkernel) {
  __builtin_trap();
}

#endif
