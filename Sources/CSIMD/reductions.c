#include "clones.h"
#include "csimd_elementwise.h"

CLONES double csimd_sum(const float *x, size_t n) {
  REASSOCIATE
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)x[i];
  return sum;
}

CLONES double csimd_dot(const float *a, const float *b, size_t n) {
  REASSOCIATE
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

CLONES double csimd_zero_if_finite(const float *x, size_t n) {
  REASSOCIATE
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += 0.0f * x[i];
  return (double)sum;
}

// Four rows at a time, so that the sums are loaded and stored once for four additions.
CLONES void csimd_column_sums(const float *x, size_t rows, size_t columns, float *restrict sums) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns) {
    const float *x1 = x + columns, *x2 = x1 + columns, *x3 = x2 + columns;
    INDEPENDENT for (size_t c = 0; c < columns; c++) sums[c] += (x[c] + x1[c]) + (x2[c] + x3[c]);
  }
  for (; r < rows; r++, x += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) sums[c] += x[c];
  }
}

CLONES void csimd_add_partials(
    const float *partials, size_t parts, size_t stride, size_t n, float *y, bool accumulate) {
  if (!accumulate) {
    for (size_t i = 0; i < n; i++) y[i] = 0;
  }
  for (size_t p = 0; p < parts; p++, partials += stride) {
    INDEPENDENT for (size_t i = 0; i < n; i++) y[i] += partials[i];
  }
}
