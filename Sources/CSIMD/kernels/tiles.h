// A tile is up to TILE_ROWS rows by two vectors of columns, whose sums stay in registers.
typedef struct {
  const csimd_operand *a;
  const float *b;
  int64_t ldb;
  float alpha;
  bool accumulate;
  const float *bias;
  float *c;
  int64_t ldc;
  // Of the last vector of columns.
  part last;
  // For LISTED, which steps are taken.
  const float *list;
} tile_job;

// What of A lies side by side: the steps of a row, the rows of a step, or these with a list of the steps to take.
enum { ALONG_STEPS, ALONG_ROWS, LISTED };

// The rows of A that are addressed from one pointer: an address has a base and one, two or no row steps.
#define GROUP 3
#define GROUPS ((TILE_ROWS + GROUP - 1) / GROUP)

// `rows`, `vectors`, `order` and `whole`, which says that the last vector is, are constants at each call, so that every loop
// over them is unrolled.
INLINE void tile(
    const int rows, const int vectors, const int order, const bool whole, const tile_job *job,
    int64_t first) {
  const bool along_rows = order == ALONG_ROWS;
  const csimd_operand *const operand = job->a;
  const int64_t row = along_rows ? operand->row_step : 1;
  const int64_t step = along_rows ? 1 : operand->step;
  const int64_t length = operand->length, ldb = job->ldb;
  const part last = job->last;
  const float *b = job->b;
  vector sums[TILE_ROWS][2];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = splat(0);
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
      const float *groups[GROUPS];
      UNROLL for (int g = 0; g < GROUPS; g++) groups[g] = p + GROUP * g * row;
      for (int64_t l = 0; l < length; l++) {
        vector columns[2];
        UNROLL for (int v = 0; v < vectors; v++) {
          columns[v] = v + 1 < vectors || whole ? load(b + v * WIDTH) : load_part(b + v * WIDTH, last);
        }
        const float *q = order == LISTED ? p + (int64_t)job->list[l] * step : p;
        UNROLL for (int i = 0; i < rows; i++) {
          const vector a = splat(along_rows ? groups[i / GROUP][i % GROUP * row] : q[i]);
          UNROLL for (int v = 0; v < vectors; v++) {
            sums[i][v] = multiply_add(a, columns[v], sums[i][v]);
          }
        }
        b += ldb;
        if (order != LISTED) p += step;
        UNROLL for (int g = 0; g < GROUPS; g++) groups[g]++;
      }
    }
  }
  const vector alpha = splat(job->alpha);
  UNROLL for (int v = 0; v < vectors; v++) {
    const bool fills = v + 1 < vectors || whole;
    // Not a step from a null pointer, which is undefined even if nothing is read.
    const float *from = job->bias ? job->bias + v * WIDTH : 0;
    const vector bias = !from ? splat(0) : fills ? load(from) : load_part(from, last);
    UNROLL for (int i = 0; i < rows; i++) {
      float *c = job->c + (first + i) * job->ldc + v * WIDTH;
      const vector start = !job->accumulate ? splat(0) : fills ? load(c) : load_part(c, last);
      const vector result = multiply_add(alpha, sums[i][v], start + bias);
      if (fills) {
        store(c, result);
      } else {
        store_part(c, last, result);
      }
    }
  }
}

typedef void tiles_of(int64_t rows, const tile_job *job, int64_t first);

#define CASE(rows, ...) \
  case rows: tile(rows, __VA_ARGS__, job, first); break;
#define FEW_CASES(...)                                                            \
  CASE(1, __VA_ARGS__) CASE(2, __VA_ARGS__) CASE(3, __VA_ARGS__)                  \
  CASE(4, __VA_ARGS__) CASE(5, __VA_ARGS__) CASE(6, __VA_ARGS__)
#if TILE_ROWS == 6
#define CASES(...) FEW_CASES(__VA_ARGS__)
#elif TILE_ROWS == 14
#define CASES(...)                                                                \
  FEW_CASES(__VA_ARGS__)                                                          \
  CASE(7, __VA_ARGS__) CASE(8, __VA_ARGS__) CASE(9, __VA_ARGS__)                  \
  CASE(10, __VA_ARGS__) CASE(11, __VA_ARGS__) CASE(12, __VA_ARGS__)               \
  CASE(13, __VA_ARGS__) CASE(14, __VA_ARGS__)
#endif
#define DISPATCH(name, ...)                                                       \
  static void name(int64_t rows, const tile_job *job, int64_t first) {            \
    switch (rows) { CASES(__VA_ARGS__) }                                          \
  }
// For each order by vectors of columns, with a part of one as the last, and whole.
#if PARTS_ARE_FREE
#define DISPATCH_WIDTHS(name, order)                                              \
  DISPATCH(narrow_##name, 1, order, false)                                        \
  DISPATCH(wide_##name, 2, order, false)                                          \
  static tiles_of *const name[2][2] = {                                           \
      {narrow_##name, wide_##name}, {narrow_##name, wide_##name}};
#else
#define DISPATCH_WIDTHS(name, order)                                              \
  DISPATCH(narrow_##name, 1, order, false)                                        \
  DISPATCH(wide_##name, 2, order, false)                                          \
  DISPATCH(narrow_whole_##name, 1, order, true)                                   \
  DISPATCH(wide_whole_##name, 2, order, true)                                     \
  static tiles_of *const name[2][2] = {                                           \
      {narrow_##name, wide_##name}, {narrow_whole_##name, wide_whole_##name}};
#endif
DISPATCH_WIDTHS(along_rows, ALONG_ROWS)
DISPATCH_WIDTHS(along_steps, ALONG_STEPS)
DISPATCH_WIDTHS(listed, LISTED)

// The columns of a stripe: two vectors.
#define STRIPE (2 * WIDTH)

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The columns of a panel: one row of tiles after the other goes over all of them.
#define PANEL (STRIPES * STRIPE)

// A stripe of up to STRIPE columns, and how its tiles are computed.
typedef struct {
  tile_job job;
  tiles_of *tiles;
} stripe;

// Whether the steps of a row of A lie side by side, and its rows do not.
INLINE bool lies_along_steps(const tile_job *job) {
  return job->a->step == 1 && job->a->row_step != 1 && !job->list;
}

static stripe stripe_of(const tile_job *job, int64_t columns) {
  const bool wide = columns > WIDTH, whole = columns % WIDTH == 0;
  stripe s = {.job = *job};
  s.job.last = part_of(wide ? columns - WIDTH : columns);
  s.tiles = (job->list ? listed : lies_along_steps(job) ? along_rows : along_steps)[whole][wide];
  return s;
}

// All rows of `count` stripes, which have A in common.
static void panel(const stripe *stripes, int64_t count, int64_t m) {
  const tile_job *job = &stripes[0].job;
  // Rows a multiple of 4 KiB apart fall on one set of the first-level cache, which has 12 ways or 8.
  const int64_t most =
      lies_along_steps(job) && job->a->row_step % 1024 == 0 ? smaller(8, TILE_ROWS) : TILE_ROWS;
  // Tiles of nearly equal height: 15 rows are 8 and 7, not 14 and 1.
  const int64_t tiles = (m + most - 1) / most;
  for (int64_t t = 0, first = 0; t < tiles; t++) {
    const int64_t rows = (m - first + tiles - t - 1) / (tiles - t);
    for (int64_t s = 0; s < count; s++) stripes[s].tiles(rows, &stripes[s].job, first);
    first += rows;
  }
}

static void csimd_tiles(
    const csimd_operand *a, const float *b, int64_t ldb, int64_t m, int64_t n, float alpha,
    bool accumulate, const float *bias, float *c, int64_t ldc) {
  for (int64_t edge = 0; edge < n; edge += PANEL) {
    stripe stripes[STRIPES];
    int64_t count = 0;
    for (int64_t j = edge; j < smaller(n, edge + PANEL); j += STRIPE, count++) {
      const tile_job job = {
          .a = a, .b = b + j, .ldb = ldb, .alpha = alpha, .accumulate = accumulate,
          .bias = bias ? bias + j : 0, .c = c + j, .ldc = ldc};
      stripes[count] = stripe_of(&job, smaller(n - j, STRIPE));
    }
    panel(stripes, count, m);
  }
}

// The inner length that is multiplied at one go: a stripe of B of that height stays in the first-level cache, a
// panel in the second-level one.
#define DEPTH 320
// Rows of B that lie no farther apart than some cache lines lie close together.
#define CLOSE 64
// How many rows of B are fetched before they are packed.
#define AHEAD 16

// Rows of B, of which the last vector has `last` columns.
INLINE void pack_rows(
    const int vectors, const bool whole, const float *b, int64_t ldb, const float *list,
    int64_t depth, part last, float *packed) {
  for (int64_t p = 0; p < depth; p++, packed += STRIPE) {
    const float *row = b + (list ? (int64_t)list[p] : p) * ldb;
    // The processor does not foresee rows that lie pages apart.
    __builtin_prefetch(row + AHEAD * ldb, 0, 3);
    __builtin_prefetch(row + AHEAD * ldb + STRIPE - 1, 0, 3);
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *from = row + v * WIDTH;
      store(packed + v * WIDTH, v + 1 < vectors || whole ? load(from) : load_part(from, last));
    }
  }
}

// packed[p, 0..<STRIPE] = op(B)[p, 0..<columns], or row list[p], with zeros up to a whole vector of columns.
static void pack(
    const float *b, int64_t ldb, bool transposed, const float *list, int64_t depth,
    int64_t columns, float *packed) {
  if (!transposed) {
    const part last = part_of(columns > WIDTH ? columns - WIDTH : columns);
    if (columns == STRIPE) {
      pack_rows(2, true, b, ldb, list, depth, last, packed);
    } else if (columns > WIDTH) {
      pack_rows(2, false, b, ldb, list, depth, last, packed);
    } else {
      pack_rows(1, false, b, ldb, list, depth, last, packed);
    }
    return;
  }
  for (int64_t first = 0; first < columns; first += WIDTH) {
    const int64_t rows = smaller(columns - first, WIDTH);
    const float *from = b + first * ldb;
    for (int64_t p = 0; p < depth; p += WIDTH) {
      const part some = part_of(depth - p);
      vector block[WIDTH];
      UNROLL for (int i = 0; i < WIDTH; i++) {
        // Not by an empty part: beyond the matrix that may be slow.
        block[i] = i < rows ? load_part(from + i * ldb + p, some) : splat(0);
      }
      turn_block(block);
      UNROLL for (int i = 0; i < WIDTH; i++) {
        if (p + i < depth) store(packed + (p + i) * STRIPE + first, block[i]);
      }
    }
  }
}

static void csimd_pack(
    const float *b, int64_t ldb, bool transposed, int64_t k, int64_t n, float *packed) {
  for (int64_t j = 0; j < n; j += STRIPE, packed += k * STRIPE) {
    const int64_t columns = smaller(n - j, STRIPE);
    pack(transposed ? b + j * ldb : b + j, ldb, transposed, 0, k, columns, packed);
  }
}

// Products of a few rows read all of B for little work, so it is read as it lies, four rows of it side by side and from
// end to end, which the processor foresees; the sums stay in the first-level cache.
#define FEW 4
#define STRETCH 1024
#define ABREAST 4

// Adds `steps` rows of B to the sums from column j on.
INLINE void add_rows_of_few(
    const int rows, const bool whole, const int steps, const vector a[FEW][ABREAST],
    const float *const b[ABREAST], part last, int64_t j, float sums[FEW][STRETCH]) {
  UNROLL for (int i = 0; i < rows; i++) {
    vector sum = load(sums[i] + j);
    for (int s = 0; s < steps; s++) {
      sum = multiply_add(a[i][s], whole ? load(b[s] + j) : load_part(b[s] + j, last), sum);
    }
    store(sums[i] + j, sum);
  }
}

// `rows` is a constant at each call. Every sum has the order that it has in a tile.
INLINE void few(const int rows, const tile_job *job, int64_t columns) {
  float sums[FEW][STRETCH] __attribute__((aligned(64)));
  const csimd_operand *const operand = job->a;
  const int64_t row = operand->row_step, step = operand->step, length = operand->length;
  for (int64_t first = 0; first < columns; first += STRETCH) {
    const int64_t width = smaller(columns - first, STRETCH), filled = width / WIDTH * WIDTH;
    const part last = part_of(width - filled);
    for (int i = 0; i < rows; i++) memset(sums[i], 0, sizeof sums[i]);
    for (int64_t l = 0; l < length; l += ABREAST) {
      const float *b[ABREAST];
      vector a[FEW][ABREAST];
      UNROLL for (int s = 0; s < ABREAST; s++) {
        // Behind the last row the last one again, which is not added.
        const int64_t at = smaller(l + s, length - 1);
        b[s] = job->b + at * job->ldb + first;
        UNROLL for (int i = 0; i < rows; i++) a[i][s] = splat(operand->a[i * row + at * step]);
      }
      if (l + ABREAST <= length) {
        for (int64_t j = 0; j < filled; j += WIDTH) {
          add_rows_of_few(rows, true, ABREAST, a, b, last, j, sums);
        }
        if (filled < width) add_rows_of_few(rows, false, ABREAST, a, b, last, filled, sums);
      } else {
        const int steps = (int)(length - l);
        for (int64_t j = 0; j < filled; j += WIDTH) {
          add_rows_of_few(rows, true, steps, a, b, last, j, sums);
        }
        if (filled < width) add_rows_of_few(rows, false, steps, a, b, last, filled, sums);
      }
    }
    const vector alpha = splat(job->alpha);
    for (int64_t j = 0; j < width; j += WIDTH) {
      const part some = part_of(width - j);
      const vector bias = job->bias ? load_part(job->bias + first + j, some) : splat(0);
      UNROLL for (int i = 0; i < rows; i++) {
        float *c = job->c + i * job->ldc + first + j;
        const vector start = job->accumulate ? load_part(c, some) : splat(0);
        store_part(c, some, multiply_add(alpha, load(sums[i] + j), start + bias));
      }
    }
  }
}

static void few_rows(int64_t rows, const tile_job *job, int64_t columns) {
  switch (rows) {
    case 1: few(1, job, columns); break;
    case 2: few(2, job, columns); break;
    case 3: few(3, job, columns); break;
    case 4: few(4, job, columns); break;
  }
}

#if PACKS_A
// Products of two large matrices pack A as well, in blocks of rows that stay in the second-level cache: a stripe of B then stays in
// the first-level one while all tiles of the block go over it. As it lies, A would be read from memory again for every panel
// of B; and where rows of A are steps, from as many pages as there are steps.
#define BLOCK_TILES 16
#define BLOCK_ROWS (BLOCK_TILES * TILE_ROWS)
// The columns of B that are packed for all blocks.
#define WIDE_PANEL 512
// From so many numbers of A on, and for so many rows and columns of C, packing costs less than it saves.
#define LARGE_A (1 << 17)
#define LARGE_ROWS 48
#define LARGE_COLUMNS 96
// How many rows of A are fetched before they are packed, where rows are steps.
#define A_AHEAD 8
// Numbers of a cache line.
#define LINE 16
// The rows of a tile in whole vectors.
#define WHOLE_ROWS ((TILE_ROWS + WIDTH - 1) / WIDTH * WIDTH)

// packed[tile][p, 0..<rows of the tile] = A[p, first row of the tile...], or of step list[p], for steps that lie apart and rows
// side by side.
static void pack_a_along_rows(
    const csimd_operand *a, const float *list, int64_t m, float *packed) {
  const int64_t depth = a->length;
  for (int64_t p = 0; p < depth; p++) {
    const float *from = a->a + (list ? (int64_t)list[p] : p) * a->step;
    for (int64_t r = 0; r < m; r += LINE) {
      __builtin_prefetch(from + A_AHEAD * a->step + r, 0, 3);
    }
    int64_t r = 0;
    // Whole vectors also write over the beginning of the next step, which is written later; so not at the last one.
    for (; p + 1 < depth && r + WHOLE_ROWS <= m; r += TILE_ROWS) {
      UNROLL for (int v = 0; v < WHOLE_ROWS; v += WIDTH) {
        store(packed + r * depth + p * TILE_ROWS + v, load(from + r + v));
      }
    }
    for (; r < m; r += TILE_ROWS) {
      const int64_t rows = smaller(TILE_ROWS, m - r);
      for (int64_t i = 0; i < rows; i++) packed[r * depth + p * rows + i] = from[r + i];
    }
  }
}

// The same for steps that lie side by side and rows that lie apart.
static void pack_a_along_steps(const csimd_operand *a, int64_t m, float *packed) {
  const int64_t depth = a->length, row = a->row_step;
  for (int64_t r = 0; r < m; r += TILE_ROWS) {
    const int64_t rows = smaller(TILE_ROWS, m - r);
    const float *from = a->a + r * row;
    float *to = packed + r * depth;
    int64_t p = 0;
#if TILE_ROWS <= WIDTH
    for (; rows == TILE_ROWS && p + WIDTH <= depth; p += WIDTH) {
      vector block[WIDTH];
      UNROLL for (int i = 0; i < WIDTH; i++) {
        block[i] = i < TILE_ROWS ? load(from + i * row + p) : splat(0);
      }
      turn_block(block);
      UNROLL for (int i = 0; i < WIDTH; i++) store(to + (p + i) * TILE_ROWS, block[i]);
    }
#endif
    for (; p < depth; p++) {
      for (int64_t i = 0; i < rows; i++) to[p * rows + i] = from[i * row + p];
    }
  }
}

static void multiply_large(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, const float *list, bool accumulate,
    const float *bias, float *c, int64_t ldc) {
  float packed_b[DEPTH * WIDE_PANEL] __attribute__((aligned(64)));
  // Behind the last step whole vectors are written.
  float packed_a[DEPTH * BLOCK_ROWS + WHOLE_ROWS] __attribute__((aligned(64)));
  const int64_t blocks = (k + DEPTH - 1) / DEPTH;
  for (int64_t edge = 0; edge < n; edge += WIDE_PANEL) {
    const int64_t width = smaller(n - edge, WIDE_PANEL);
    for (int64_t block = 0; block < blocks; block++) {
      const int64_t start = block * k / blocks, depth = (block + 1) * k / blocks - start;
      // A list counts from the first row, whichever block it is in.
      const int64_t skipped = list ? 0 : start;
      const float *own = list ? list + start : 0;
      for (int64_t j = edge; j < edge + width; j += STRIPE) {
        pack(
            transpose_b ? b + j * ldb + start : b + skipped * ldb + j, ldb, transpose_b, own, depth,
            smaller(n - j, STRIPE), packed_b + (j - edge) * depth);
      }
      for (int64_t row = 0; row < m; row += BLOCK_ROWS) {
        const int64_t height = smaller(m - row, BLOCK_ROWS);
        csimd_operand operand = {
            .a = transpose_a ? a + skipped * lda + row : a + row * lda + start,
            .row_step = transpose_a ? 1 : lda,
            .outer = 1,
            .inner = 1,
            .length = depth,
            .step = transpose_a ? lda : 1};
        if (transpose_a) {
          pack_a_along_rows(&operand, own, height, packed_a);
        } else {
          pack_a_along_steps(&operand, height, packed_a);
        }
        operand.row_step = 1;
        for (int64_t j = 0; j < width; j += STRIPE) {
          tile_job job = {
              .a = &operand, .b = packed_b + j * depth, .ldb = STRIPE, .alpha = alpha,
              .accumulate = accumulate || block > 0,
              .bias = bias && block == 0 ? bias + edge + j : 0,
              .c = c + row * ldc + edge + j, .ldc = ldc};
          stripe s = stripe_of(&job, smaller(width - j, STRIPE));
          for (int64_t r = 0; r < height; r += TILE_ROWS, s.job.c += TILE_ROWS * ldc) {
            operand.a = packed_a + r * depth;
            operand.step = smaller(TILE_ROWS, height - r);
            s.tiles(operand.step, &s.job, 0);
          }
        }
      }
    }
  }
}
#endif

// `list` is null, or says which k rows of A, which is then transposed, and of B are multiplied.
static void multiply(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, const float *list, bool accumulate,
    const float *bias, float *c, int64_t ldc) {
#if PACKS_A
  if (m >= LARGE_ROWS && n >= LARGE_COLUMNS && m * k >= LARGE_A) {
    multiply_large(
        transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, list, accumulate, bias, c, ldc);
    return;
  }
#endif
  float packed[DEPTH * PANEL] __attribute__((aligned(64)));
  const int64_t blocks = k > 0 ? (k + DEPTH - 1) / DEPTH : 1;
  // Rows of B that lie close together need no packing; nor is it worth it for a few rows of A.
  const bool packs = list || transpose_b || (ldb > CLOSE && m > 3 * TILE_ROWS);
  // Blocks of rows of nearly equal height, in whole tiles: every one packs B anew.
  const int64_t pieces = (m + TILE_HEIGHT - 1) / TILE_HEIGHT;
  const int64_t even = pieces ? (m + pieces - 1) / pieces : 1;
  const int64_t most = (even + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
  for (int64_t row = 0; row < m; row += most) {
    const int64_t height = smaller(m - row, most);
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
      for (int64_t edge = 0; edge < n; edge += PANEL) {
        stripe stripes[STRIPES];
        int64_t count = 0;
        for (int64_t j = edge; j < smaller(n, edge + PANEL); j += STRIPE, count++) {
          const int64_t columns = smaller(n - j, STRIPE);
          tile_job job = {
              .a = &operand, .b = b + skipped * ldb + j, .ldb = ldb, .alpha = alpha,
              .list = list ? list + start : 0, .accumulate = accumulate || block > 0,
              .bias = bias && block == 0 ? bias + j : 0, .c = c + row * ldc + j, .ldc = ldc};
          if (packs) {
            float *own = packed + count * depth * STRIPE;
            pack(
                transpose_b ? b + j * ldb + start : job.b, ldb, transpose_b, job.list, depth,
                columns, own);
            job.b = own;
            job.ldb = STRIPE;
          }
          stripes[count] = stripe_of(&job, columns);
        }
        panel(stripes, count, height);
      }
    }
  }
}

static void csimd_gemm(
    bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, bool accumulate, const float *bias,
    float *c, int64_t ldc) {
  multiply(
      transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, 0, accumulate, bias, c, ldc);
}

static void csimd_listed_products(
    const float *list, int64_t count, int64_t m, int64_t n, const float *a, int64_t lda,
    const float *b, int64_t ldb, bool accumulate, float *c, int64_t ldc) {
  multiply(true, false, m, n, count, 1, a, lda, b, ldb, list, accumulate, 0, c, ldc);
}
