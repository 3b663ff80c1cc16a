static double csimd_sum(const float *x, size_t n) {
  REASSOCIATE
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)x[i];
  return sum;
}

static double csimd_dot(const float *a, const float *b, size_t n) {
  REASSOCIATE
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

static double csimd_zero_if_finite(const float *x, size_t n) {
  REASSOCIATE
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += 0.0f * x[i];
  return (double)sum;
}

// How many rows ahead are fetched, and how many numbers of a row are looked at together.
#define ROWS_AHEAD 32
#define TOGETHER 64

INLINE bool has_nonzero(const float *x, size_t n) {
  for (size_t first = 0; first < n; first += TOGETHER) {
    const size_t count = n - first < TOGETHER ? n - first : TOGETHER;
    bool found = false;
    for (size_t i = 0; i < count; i++) found |= x[first + i] != 0.0f;
    if (found) return true;
  }
  return false;
}

static size_t csimd_nonzero_rows(
    const float *x, size_t first, size_t rows, size_t columns, float *numbers) {
  size_t count = 0;
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * columns;
    // Rows lie further apart than the processor foresees.
    __builtin_prefetch(row + ROWS_AHEAD * columns, 0, 3);
    // Of a row that is not all zeros, the first number mostly tells.
    numbers[count] = (float)(first + r);
    count += row[0] != 0.0f || has_nonzero(row + 1, columns - 1);
  }
  return count;
}

// The row at a place of a list, or of all rows.
INLINE const float *row_at(const float *x, const float *list, size_t place, size_t columns) {
  return x + (list ? (size_t)list[place] : place) * columns;
}

// Four rows at a time, so that the sums are loaded and stored once for four additions.
static void csimd_column_sums(
    const float *x, const float *list, size_t rows, size_t columns, float *restrict sums) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const float *x0 = row_at(x, list, r, columns), *x1 = row_at(x, list, r + 1, columns);
    const float *x2 = row_at(x, list, r + 2, columns), *x3 = row_at(x, list, r + 3, columns);
    INDEPENDENT for (size_t c = 0; c < columns; c++) sums[c] += (x0[c] + x1[c]) + (x2[c] + x3[c]);
  }
  for (; r < rows; r++) {
    const float *x0 = row_at(x, list, r, columns);
    INDEPENDENT for (size_t c = 0; c < columns; c++) sums[c] += x0[c];
  }
}

static void csimd_add_partials(
    const float *partials, size_t parts, size_t stride, size_t n, float *y, bool accumulate) {
  if (!accumulate) {
    for (size_t i = 0; i < n; i++) y[i] = 0;
  }
  for (size_t p = 0; p < parts; p++, partials += stride) {
    INDEPENDENT for (size_t i = 0; i < n; i++) y[i] += partials[i];
  }
}
