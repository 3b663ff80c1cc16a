// Products of matrices: which rows, steps and columns are packed together, and what goes over them.

// The inner length that is multiplied at one go: a stripe of B of that height stays in the first-level cache, a
// panel in the second-level one.
#define DEPTH 320
// Rows of B that lie no farther apart than some cache lines lie close together.
#define CLOSE 64

// Steps `start`, ... of rows `row`, ... of op(A); a list counts from the first step, whichever block it is in.
INLINE csimd_operand operand_of(
    const float *a, int64_t lda, bool transposed, bool is_listed, int64_t row, int64_t start,
    int64_t depth) {
  return (csimd_operand){
      .a = transposed ? a + (is_listed ? 0 : start) * lda + row : a + row * lda + start,
      .row_step = transposed ? 1 : lda,
      .outer = 1,
      .inner = 1,
      .length = depth,
      .step = transposed ? lda : 1};
}

#if PACKS_A
// Products of two large matrices pack A as well, in blocks of rows that stay in the second-level cache: a stripe of B
// then stays in the first-level one while all tiles of the block go over it. As it lies, A would be read from memory
// again for every panel of B; and where rows of A are steps, from as many pages as there are steps.
#define BLOCK_TILES 16
#define BLOCK_ROWS (BLOCK_TILES * TILE_ROWS)
// The columns of B that are packed for all blocks.
#define WIDE_PANEL 512
// From so many numbers of A on, and for so many rows and columns of C, packing costs less than it saves.
#define LARGE_A (1 << 17)
#define LARGE_ROWS 48
#define LARGE_COLUMNS 96

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
        csimd_operand operand = operand_of(a, lda, transpose_a, list, row, start, depth);
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
      const csimd_operand operand = operand_of(a, lda, transpose_a, list, row, start, depth);
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
