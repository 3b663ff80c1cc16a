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

// `rows`, `vectors`, `order` and `whole`, which says that the last vector is, are constants at each call, so that
// every loop over them is unrolled.
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
