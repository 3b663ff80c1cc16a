#include "clones.h"
#include "csimd_normalization.h"
#include <math.h>

// Sums down columns take four rows at a time: with few columns every addition to a sum waits for the one before.
#define FOUR_ROWS(x) \
  const float *x##1 = x + columns, *x##2 = x##1 + columns, *x##3 = x##2 + columns

CLONES void csimd_column_squares(
    const float *x, const float *mean, size_t rows, size_t columns, float *restrict sums) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns) {
    FOUR_ROWS(x);
    INDEPENDENT for (size_t c = 0; c < columns; c++) {
      float d = x[c] - mean[c], d1 = x1[c] - mean[c], d2 = x2[c] - mean[c], d3 = x3[c] - mean[c];
      sums[c] += (d * d + d1 * d1) + (d2 * d2 + d3 * d3);
    }
  }
  for (; r < rows; r++, x += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) {
      float d = x[c] - mean[c];
      sums[c] += d * d;
    }
  }
}

CLONES void csimd_scale_rows(
    const float *x, const float *scale, const float *offset, float *y, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) y[c] = x[c] * scale[c] + offset[c];
  }
}

CLONES void csimd_column_products(
    const float *x, const float *dy, const float *mean, size_t rows, size_t columns,
    float *restrict products, float *restrict sums) {
  for (size_t c = 0; c < columns; c++) products[c] = sums[c] = 0;
  size_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns, dy += 4 * columns) {
    FOUR_ROWS(x);
    FOUR_ROWS(dy);
    INDEPENDENT for (size_t c = 0; c < columns; c++) {
      float m = mean[c];
      products[c] += (dy[c] * (x[c] - m) + dy1[c] * (x1[c] - m)) +
                     (dy2[c] * (x2[c] - m) + dy3[c] * (x3[c] - m));
      sums[c] += (dy[c] + dy1[c]) + (dy2[c] + dy3[c]);
    }
  }
  for (; r < rows; r++, x += columns, dy += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) {
      products[c] += dy[c] * (x[c] - mean[c]);
      sums[c] += dy[c];
    }
  }
}

CLONES void csimd_combine_rows(
    const float *dy, const float *x, const float *a, const float *b, const float *d, float *dx,
    size_t rows, size_t columns, bool accumulate) {
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
    if (accumulate) {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] += a[c] * dy[c] + b[c] * x[c] + d[c];
    } else {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] = a[c] * dy[c] + b[c] * x[c] + d[c];
    }
  }
}

CLONES void csimd_layer_norm_row(
    const float *x, const float *scale, const float *offset, float epsilon, size_t n, float *y,
    float *mean, float *inverse) {
  REASSOCIATE
  float sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  float center = sum / (float)n;
  for (size_t i = 0; i < n; i++) squares += (x[i] - center) * (x[i] - center);
  float factor = 1.0f / sqrtf(squares / (float)n + epsilon);
  *mean = center;
  *inverse = factor;
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] = (x[i] - center) * factor * scale[i] + offset[i];
}

CLONES void csimd_layer_norm_row_backward(
    const float *x, const float *dy, const float *scale, float mean, float inverse, size_t n,
    float *dx, bool accumulate) {
  REASSOCIATE
  float sum = 0, product = 0;
  for (size_t i = 0; i < n; i++) {
    float g = dy[i] * scale[i];
    sum += g;
    product += g * (x[i] - mean) * inverse;
  }
  sum /= (float)n;
  product /= (float)n;
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      dx[i] += inverse * (dy[i] * scale[i] - sum - (x[i] - mean) * inverse * product);
    }
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      dx[i] = inverse * (dy[i] * scale[i] - sum - (x[i] - mean) * inverse * product);
    }
  }
}

CLONES void csimd_add_normal_products(
    const float *x, const float *dy, float mean, float inverse, size_t n, float *sums) {
  INDEPENDENT for (size_t i = 0; i < n; i++) sums[i] += dy[i] * (x[i] - mean) * inverse;
}
