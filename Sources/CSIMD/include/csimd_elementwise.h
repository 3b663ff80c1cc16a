// elementwise.h, reductions.h, activations.h, transpose.h: arithmetic and functions of single elements, and sums.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  // elementwise.h
  void (*add)(const float *a, const float *b, float *c, size_t n);
  void (*subtract)(const float *a, const float *b, float *c, size_t n);
  void (*multiply)(const float *a, const float *b, float *c, size_t n);
  void (*multiply_add)(const float *a, const float *b, float *c, size_t n);
  void (*scale)(float factor, const float *x, float *y, size_t n);
  void (*scale_add)(float factor, const float *x, float *y, size_t n);
  void (*clip)(const float *x, float low, float high, float *y, size_t n);
  void (*add_rows)(const float *x, const float *bias, float *y, size_t rows, size_t columns);
  // y[r, c] = scale x[r, c] + offset[c]
  void (*scale_add_rows)(
      const float *x, float scale, const float *offset, float *y, size_t rows, size_t columns);

  // transpose.h: y[c, r] = scale x[r, c] for rows that lie `from` and `to` apart; zeros behind the rows of x, up to `to`.
  void (*transpose)(
      const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to);

  // reductions.h
  double (*sum)(const float *x, size_t n);
  double (*dot)(const float *a, const float *b, size_t n);
  // 0 if every element is finite, else not a number.
  double (*zero_if_finite)(const float *x, size_t n);
  // Writes the numbers, counted from `first` on, of the rows of x [rows, columns] that hold anything but zeros; returns how
  // many do. There is at least one column, and room for `rows` numbers.
  size_t (*nonzero_rows)(
      const float *x, size_t first, size_t rows, size_t columns, float *numbers);
  // sums[c] = sum of x[r, c] over the rows, or over those that a list of `rows` numbers has; `list` may be null.
  void (*column_sums)(
      const float *x, const float *list, size_t rows, size_t columns, float *sums);
  void (*add_partials)(
      const float *partials, size_t parts, size_t stride, size_t n, float *y, bool accumulate);

  // activations.h: forward of the input; backward of the output for relu, sigmoid, tanh and elu, of the input for others.
  void (*relu)(const float *x, float *y, size_t n);
  void (*relu_backward)(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
  void (*sigmoid)(const float *x, float *y, size_t n);
  void (*sigmoid_backward)(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
  void (*tanh)(const float *x, float *y, size_t n);
  void (*tanh_backward)(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
  void (*softplus)(const float *x, float *y, size_t n);
  void (*softplus_backward)(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
  void (*swish)(const float *x, float *y, size_t n);
  void (*swish_backward)(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
  void (*gelu)(const float *x, float *y, size_t n);
  void (*gelu_backward)(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
  void (*gelu_tanh)(const float *x, float *y, size_t n);
  void (*gelu_tanh_backward)(
      const float *x, const float *dy, float *dx, size_t n, bool accumulate);
  void (*leaky_relu)(const float *x, float slope, float *y, size_t n);
  void (*leaky_relu_backward)(
      const float *x, float slope, const float *dy, float *dx, size_t n, bool accumulate);
  void (*elu)(const float *x, float alpha, float *y, size_t n);
  void (*elu_backward)(
      const float *y, float alpha, const float *dy, float *dx, size_t n, bool accumulate);
} csimd_elementwise_kernels;
