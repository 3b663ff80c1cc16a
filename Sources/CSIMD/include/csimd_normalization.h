// normalization.h: vector kernels of normalisation over rows.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  // sums[c] = sum over rows of (x[r, c] - mean[c])^2
  void (*column_squares)(
      const float *x, const float *mean, size_t rows, size_t columns, float *sums);
  // y[r, c] = x[r, c] * scale[c] + offset[c]
  void (*scale_rows)(
      const float *x, const float *scale, const float *offset, float *y, size_t rows, size_t columns);
  // products[c] += sum over rows of dy[r, c] * (x[r, c] - mean[c]), sums[c] += sum over rows of dy[r, c]: the same bits whether
  // rows come at once or by multiples of four.
  void (*add_column_products)(
      const float *x, const float *dy, const float *mean, size_t rows, size_t columns,
      float *products, float *sums);
  // dx[r, c] (+)= a[c] * dy[r, c] + b[c] * x[r, c] + d[c]
  void (*combine_rows)(
      const float *dy, const float *x, const float *a, const float *b, const float *d, float *dx,
      size_t rows, size_t columns, bool accumulate);

  // Layer normalisation of one row: its mean, 1 / sqrt(variance + epsilon), and the normalised row.
  void (*layer_norm_row)(
      const float *x, const float *scale, const float *offset, float epsilon, size_t n, float *y,
      float *mean, float *inverse);
  void (*layer_norm_row_backward)(
      const float *x, const float *dy, const float *scale, float mean, float inverse, size_t n,
      float *dx, bool accumulate);
  // sums[i] += dy[i] * (x[i] - mean) * inverse
  void (*add_normal_products)(
      const float *x, const float *dy, float mean, float inverse, size_t n, float *sums);
} csimd_normalization_kernels;
