#include "csimd_tiles.h"
#include <string.h>
#include "clones.h"
#include "transpose.h"

#if defined(__x86_64__)

// A tile is up to 14 rows by two vectors of 16 columns: 28 of the 32 registers are sums, two hold a row of B, and
// elements of A are broadcast from memory as operands of the multiply-adds.
#define ROWS 14
#define WIDTH 16

typedef struct {
  const csimd_operand *a;
  const float *b;
  int64_t ldb;
  float alpha;
  bool accumulate;
  const float *bias;
  float *c;
  int64_t ldc;
  __mmask16 masks[2];
  // For LISTED, which steps are taken.
  const float *list;
} tile_job;

// What of A lies side by side: the steps of a row, the rows of a step, or these with a list of the steps to take.
enum { ALONG_STEPS, ALONG_ROWS, LISTED };

// `rows`, `vectors` and `order` are constants at each call, so that every loop over them is unrolled.
static inline __attribute__((always_inline)) AVX512 void tile(
    const int rows, const int vectors, const int order, const tile_job *job, int64_t first) {
  const bool along_rows = order == ALONG_ROWS;
  const csimd_operand *const operand = job->a;
  const int64_t row = along_rows ? operand->row_step : 1;
  const int64_t step = along_rows ? 1 : operand->step;
  const int64_t length = operand->length, ldb = job->ldb;
  const __mmask16 mask0 = job->masks[0], mask1 = job->masks[1];
  const float *b = job->b;
  __m512 sums[ROWS][2];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_setzero_ps();
  }
  // What is written comes from memory while the sums are taken: a third faster where C is larger than the caches.
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      __builtin_prefetch(job->c + (first + i) * job->ldc + v * WIDTH, 1, 3);
    }
  }
  for (int64_t o = 0; o < operand->outer; o++) {
    for (int64_t s = 0; s < operand->inner; s++) {
      const float *p =
          operand->a + first * row + o * operand->outer_step + s * operand->inner_step;
      // Rows in groups of three: an address has a base and one, two or no row steps.
      const float *groups[5];
      UNROLL for (int g = 0; g < 5; g++) groups[g] = p + 3 * g * row;
      for (int64_t l = 0; l < length; l++) {
        __m512 b0 = _mm512_maskz_loadu_ps(mask0, b);
        __m512 b1 = vectors > 1 ? _mm512_maskz_loadu_ps(mask1, b + WIDTH) : b0;
        const float *q = order == LISTED ? p + (int64_t)job->list[l] * step : p;
        UNROLL for (int i = 0; i < rows; i++) {
          __m512 a = _mm512_set1_ps(along_rows ? groups[i / 3][i % 3 * row] : q[i]);
          sums[i][0] = _mm512_fmadd_ps(a, b0, sums[i][0]);
          if (vectors > 1) sums[i][1] = _mm512_fmadd_ps(a, b1, sums[i][1]);
        }
        b += ldb;
        if (order != LISTED) p += step;
        UNROLL for (int g = 0; g < 5; g++) groups[g]++;
      }
    }
  }
  const __m512 alpha = _mm512_set1_ps(job->alpha), zero = _mm512_setzero_ps();
  UNROLL for (int v = 0; v < vectors; v++) {
    const __mmask16 mask = v ? mask1 : mask0;
    const __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + v * WIDTH) : zero;
    UNROLL for (int i = 0; i < rows; i++) {
      float *c = job->c + (first + i) * job->ldc + v * WIDTH;
      __m512 start = job->accumulate ? _mm512_maskz_loadu_ps(mask, c) : zero;
      __m512 result = _mm512_fmadd_ps(alpha, sums[i][v], _mm512_add_ps(start, bias));
      _mm512_mask_storeu_ps(c, mask, result);
    }
  }
}

#define CASE(rows, vectors, order) \
  case rows: tile(rows, vectors, order, job, first); break;
#define DISPATCH(name, vectors, order)                                                            \
  static AVX512 void name(int64_t rows, const tile_job *job, int64_t first) {                     \
    switch (rows) {                                                                               \
      CASE(1, vectors, order) CASE(2, vectors, order) CASE(3, vectors, order)                     \
      CASE(4, vectors, order) CASE(5, vectors, order) CASE(6, vectors, order)                     \
      CASE(7, vectors, order) CASE(8, vectors, order) CASE(9, vectors, order)                     \
      CASE(10, vectors, order) CASE(11, vectors, order) CASE(12, vectors, order)                  \
      CASE(13, vectors, order) CASE(14, vectors, order)                                           \
    }                                                                                             \
  }
DISPATCH(wide_along_rows, 2, ALONG_ROWS)
DISPATCH(narrow_along_rows, 1, ALONG_ROWS)
DISPATCH(wide_along_steps, 2, ALONG_STEPS)
DISPATCH(narrow_along_steps, 1, ALONG_STEPS)
DISPATCH(wide_listed, 2, LISTED)
DISPATCH(narrow_listed, 1, LISTED)

INLINE __mmask16 mask_of(int64_t columns) {
  return columns >= WIDTH ? 0xFFFF : (__mmask16)((1u << columns) - 1);
}

// All rows of one stripe of up to 32 columns.
static AVX512 void stripe(tile_job *job, int64_t m, int64_t columns) {
  const csimd_operand *a = job->a;
  const bool along_rows = a->step == 1 && a->row_step != 1 && !job->list;
  const bool wide = columns > WIDTH;
  job->masks[0] = mask_of(columns);
  job->masks[1] = wide ? mask_of(columns - WIDTH) : 0;
  // Rows a multiple of 4 KiB apart fall on one set of the first-level cache, which has 12 ways or 8.
  const int64_t most = along_rows && a->row_step % 1024 == 0 ? 8 : ROWS;
  // Tiles of nearly equal height: 15 rows are 8 and 7, not 14 and 1.
  const int64_t tiles = (m + most - 1) / most;
  for (int64_t t = 0, first = 0; t < tiles; t++) {
    const int64_t rows = (m - first + tiles - t - 1) / (tiles - t);
    if (job->list) {
      (wide ? wide_listed : narrow_listed)(rows, job, first);
    } else if (along_rows) {
      (wide ? wide_along_rows : narrow_along_rows)(rows, job, first);
    } else {
      (wide ? wide_along_steps : narrow_along_steps)(rows, job, first);
    }
    first += rows;
  }
}

void csimd_tiles(
    const csimd_operand *a, const float *b, int64_t ldb, int64_t m, int64_t n, float alpha,
    bool accumulate, const float *bias, float *c, int64_t ldc) {
  for (int64_t j = 0; j < n; j += 2 * WIDTH) {
    tile_job job = {
        .a = a, .b = b + j, .ldb = ldb, .alpha = alpha, .accumulate = accumulate,
        .bias = bias ? bias + j : 0, .c = c + j, .ldc = ldc};
    stripe(&job, m, n - j < 2 * WIDTH ? n - j : 2 * WIDTH);
  }
}

// The inner length that is multiplied at one go: a stripe of B of that height stays in the first-level cache.
#define DEPTH 320
// Rows of A at one go: with that depth they stay in the second-level cache while all stripes pass.
#define HEIGHT 448
// How many rows of B are fetched before they are packed.
#define AHEAD 16

// packed[p, 0..<32] = op(B)[p, 0..<columns], or row list[p]; what lies behind the columns is masked by who reads it.
static AVX512 void pack(
    const float *b, int64_t ldb, bool transposed, const float *list, int64_t depth,
    int64_t columns, float *packed) {
  if (!transposed) {
    const __mmask16 mask0 = mask_of(columns);
    const __mmask16 mask1 = columns > WIDTH ? mask_of(columns - WIDTH) : 0;
    for (int64_t p = 0; p < depth; p++, packed += 2 * WIDTH) {
      const float *row = b + (list ? (int64_t)list[p] : p) * ldb;
      // The processor does not foresee rows that lie pages apart.
      __builtin_prefetch(row + AHEAD * ldb, 0, 3);
      __builtin_prefetch(row + AHEAD * ldb + WIDTH, 0, 3);
      _mm512_storeu_ps(packed, _mm512_maskz_loadu_ps(mask0, row));
      _mm512_storeu_ps(packed + WIDTH, _mm512_maskz_loadu_ps(mask1, row + WIDTH));
    }
    return;
  }
  for (int64_t first = 0; first < columns; first += WIDTH) {
    const int64_t rows = columns - first < WIDTH ? columns - first : WIDTH;
    const float *from = b + first * ldb;
    for (int64_t p = 0; p < depth; p += WIDTH) {
      const __mmask16 mask = mask_of(depth - p);
      __m512 block[WIDTH];
      UNROLL for (int i = 0; i < WIDTH; i++) {
        // Not by an empty mask: beyond the matrix that may be slow.
        block[i] = i < rows ? _mm512_maskz_loadu_ps(mask, from + i * ldb + p)
                            : _mm512_setzero_ps();
      }
      transpose(block);
      UNROLL for (int i = 0; i < WIDTH; i++) {
        if (p + i < depth) _mm512_storeu_ps(packed + (p + i) * 2 * WIDTH + first, block[i]);
      }
    }
  }
}

void csimd_pack(
    const float *b, int64_t ldb, bool transposed, int64_t k, int64_t n, float *packed) {
  for (int64_t j = 0; j < n; j += 2 * WIDTH, packed += k * 2 * WIDTH) {
    const int64_t columns = n - j < 2 * WIDTH ? n - j : 2 * WIDTH;
    pack(transposed ? b + j * ldb : b + j, ldb, transposed, 0, k, columns, packed);
  }
}

// Products of a few rows read all of B for little work, so it is read as it lies, four rows of it side by side and from
// end to end, which the processor foresees; the sums stay in the first-level cache.
#define FEW 4
#define STRETCH 1024
#define ABREAST 4

// `rows` is a constant at each call. Every sum has the order that it has in a tile.
static inline __attribute__((always_inline)) AVX512 void few(
    const int rows, const tile_job *job, int64_t columns) {
  float sums[FEW][STRETCH] __attribute__((aligned(64)));
  const csimd_operand *const operand = job->a;
  const int64_t row = operand->row_step, step = operand->step, length = operand->length;
  for (int64_t first = 0; first < columns; first += STRETCH) {
    const int64_t width = columns - first < STRETCH ? columns - first : STRETCH;
    for (int i = 0; i < rows; i++) memset(sums[i], 0, sizeof sums[i]);
    for (int64_t l = 0; l < length; l += ABREAST) {
      const float *b[ABREAST];
      __m512 a[FEW][ABREAST];
      const bool whole = l + ABREAST <= length;
      UNROLL for (int s = 0; s < ABREAST; s++) {
        // Behind the last row the last one again, which is not added.
        const int64_t at = l + s < length ? l + s : length - 1;
        b[s] = job->b + at * job->ldb + first;
        UNROLL for (int i = 0; i < rows; i++) {
          a[i][s] = _mm512_set1_ps(operand->a[i * row + at * step]);
        }
      }
      for (int64_t j = 0; j < width; j += WIDTH) {
        const __mmask16 mask = mask_of(width - j);
        UNROLL for (int i = 0; i < rows; i++) {
          __m512 sum = _mm512_load_ps(sums[i] + j);
          if (whole) {
            UNROLL for (int s = 0; s < ABREAST; s++) {
              sum = _mm512_fmadd_ps(a[i][s], _mm512_maskz_loadu_ps(mask, b[s] + j), sum);
            }
          } else {
            for (int s = 0; l + s < length; s++) {
              sum = _mm512_fmadd_ps(a[i][s], _mm512_maskz_loadu_ps(mask, b[s] + j), sum);
            }
          }
          _mm512_store_ps(sums[i] + j, sum);
        }
      }
    }
    const __m512 alpha = _mm512_set1_ps(job->alpha), zero = _mm512_setzero_ps();
    for (int64_t j = 0; j < width; j += WIDTH) {
      const __mmask16 mask = mask_of(width - j);
      const __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + first + j) : zero;
      UNROLL for (int i = 0; i < rows; i++) {
        float *c = job->c + i * job->ldc + first + j;
        __m512 start = job->accumulate ? _mm512_maskz_loadu_ps(mask, c) : zero;
        __m512 sum = _mm512_load_ps(sums[i] + j);
        _mm512_mask_storeu_ps(c, mask, _mm512_fmadd_ps(alpha, sum, _mm512_add_ps(start, bias)));
      }
    }
  }
}

static AVX512 void few_rows(int64_t rows, const tile_job *job, int64_t columns) {
  switch (rows) {
    case 1: few(1, job, columns); break;
    case 2: few(2, job, columns); break;
    case 3: few(3, job, columns); break;
    case 4: few(4, job, columns); break;
  }
}

// `list` is null, or says which k rows of A, which is then transposed, and of B are multiplied.
static void multiply(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, const float *list, bool accumulate,
    const float *bias, float *c, int64_t ldc) {
  float packed[DEPTH * 2 * WIDTH] __attribute__((aligned(64)));
  const int64_t blocks = k > 0 ? (k + DEPTH - 1) / DEPTH : 1;
  // Rows of B that lie close together need no packing; nor is it worth it for a few rows of A.
  const bool packs = list || transpose_b || (ldb > 4 * WIDTH && m > 3 * ROWS);
  // Blocks of rows of nearly equal height, in whole tiles: every one packs B anew.
  const int64_t pieces = (m + HEIGHT - 1) / HEIGHT;
  const int64_t most = pieces ? ((m + pieces - 1) / pieces + ROWS - 1) / ROWS * ROWS : 1;
  for (int64_t row = 0; row < m; row += most) {
    const int64_t height = m - row < most ? m - row : most;
    for (int64_t block = 0; block < blocks; block++) {
      const int64_t start = block * k / blocks, depth = (block + 1) * k / blocks - start;
      // A list counts from the first row, whichever block it is in.
      const int64_t skipped = list ? 0 : start;
      const csimd_operand operand = {
          .a = transpose_a ? a + skipped * lda + row : a + row * lda + start,
          .row_step = transpose_a ? 1 : lda,
          .outer = 1,
          .inner = 1,
          .length = depth,
          .step = transpose_a ? lda : 1};
      if (m <= FEW && !list && !transpose_b) {
        const tile_job job = {
            .a = &operand, .b = b + start * ldb, .ldb = ldb, .alpha = alpha,
            .accumulate = accumulate || block > 0, .bias = block == 0 ? bias : 0, .c = c,
            .ldc = ldc};
        few_rows(m, &job, n);
        continue;
      }
      for (int64_t j = 0; j < n; j += 2 * WIDTH) {
        const int64_t columns = n - j < 2 * WIDTH ? n - j : 2 * WIDTH;
        tile_job job = {
            .a = &operand, .b = b + skipped * ldb + j, .ldb = ldb, .alpha = alpha,
            .list = list ? list + start : 0, .accumulate = accumulate || block > 0,
            .bias = bias && block == 0 ? bias + j : 0, .c = c + row * ldc + j, .ldc = ldc};
        if (packs) {
          pack(
              transpose_b ? b + j * ldb + start : job.b, ldb, transpose_b, job.list, depth,
              columns, packed);
          job.b = packed;
          job.ldb = 2 * WIDTH;
        }
        stripe(&job, height, columns);
      }
    }
  }
}

void csimd_gemm(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, bool accumulate, const float *bias,
    float *c, int64_t ldc) {
  multiply(
      transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, 0, accumulate, bias, c, ldc);
}

void csimd_listed_products(
    const float *list, int64_t count, int64_t m, int64_t n, const float *a, int64_t lda,
    const float *b, int64_t ldb, bool accumulate, float *c, int64_t ldc) {
  multiply(true, false, m, n, count, 1, a, lda, b, ldb, list, accumulate, 0, c, ldc);
}

bool csimd_has_tiles(void) { return __builtin_cpu_supports("x86-64-v4"); }

#else

bool csimd_has_tiles(void) { return false; }

void csimd_tiles(
    const csimd_operand *a, const float *b, int64_t ldb, int64_t m, int64_t n, float alpha,
    bool accumulate, const float *bias, float *c, int64_t ldc) {
  __builtin_trap();
}

void csimd_pack(
    const float *b, int64_t ldb, bool transposed, int64_t k, int64_t n, float *packed) {
  __builtin_trap();
}

void csimd_gemm(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, bool accumulate, const float *bias,
    float *c, int64_t ldc) {
  __builtin_trap();
}

void csimd_listed_products(
    const float *list, int64_t count, int64_t m, int64_t n, const float *a, int64_t lda,
    const float *b, int64_t ldb, bool accumulate, float *c, int64_t ldc) {
  __builtin_trap();
}

#endif
