// softmax.h: rows of numbers as logarithms of probabilities.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  void (*softmax_rows)(const float *x, float *y, size_t rows, size_t columns);
  void (*softmax_rows_backward)(
      const float *y, const float *dy, float *dx, size_t rows, size_t columns, bool accumulate);
  void (*log_softmax_rows)(const float *x, float *y, size_t rows, size_t columns);
  void (*log_softmax_rows_backward)(
      const float *y, const float *dy, float *dx, size_t rows, size_t columns, bool accumulate);

  // ln of the sum of e^x.
  float (*log_sum_exp)(const float *x, size_t n);

  // A class is expected with a = w (uniform + share t); `weights` may be null for ones and `t` for zeros.
  // The sum of a (shift - x); `total` becomes the sum of a.
  float (*cross_entropy)(
      const float *x, float shift, const float *weights, float uniform, const float *t, float share,
      size_t n, float *total);
  // dx = total e^(x - shift) - a, or dx += that.
  void (*cross_entropy_gradient)(
      const float *x, float shift, float total, const float *weights, float uniform, const float *t,
      float share, float *dx, size_t n, bool accumulate);
} csimd_softmax_kernels;
