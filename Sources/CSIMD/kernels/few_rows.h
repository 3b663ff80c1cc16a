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
