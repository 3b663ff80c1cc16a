// elementwise.c, reductions.c, activations.c, transpose.c: arithmetic and functions of single elements, and sums.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// elementwise.c
void csimd_add(const float *a, const float *b, float *c, size_t n);
void csimd_subtract(const float *a, const float *b, float *c, size_t n);
void csimd_multiply(const float *a, const float *b, float *c, size_t n);
void csimd_multiply_add(const float *a, const float *b, float *c, size_t n);
void csimd_scale(float factor, const float *x, float *y, size_t n);
void csimd_scale_add(float factor, const float *x, float *y, size_t n);
void csimd_clip(const float *x, float low, float high, float *y, size_t n);
void csimd_add_rows(const float *x, const float *bias, float *y, size_t rows, size_t columns);
// y[r, c] = scale x[r, c] + offset[c]
void csimd_scale_add_rows(
    const float *x, float scale, const float *offset, float *y, size_t rows, size_t columns);

// transpose.c: y[c, r] = scale x[r, c] for rows that lie `from` and `to` apart; zeros behind the rows of x, up to `to`.
void csimd_transpose(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to);

// reductions.c
double csimd_sum(const float *x, size_t n);
double csimd_dot(const float *a, const float *b, size_t n);
// 0 if every element is finite, else not a number.
double csimd_zero_if_finite(const float *x, size_t n);
// Writes the numbers, counted from `first` on, of the rows of x [rows, columns] that hold anything but zeros; returns how
// many do. There is at least one column, and room for `rows` numbers.
size_t csimd_nonzero_rows(
    const float *x, size_t first, size_t rows, size_t columns, float *numbers);
// sums[c] = sum of x[r, c] over the rows, or over those that a list of `rows` numbers has; `list` may be null.
void csimd_column_sums(
    const float *x, const float *list, size_t rows, size_t columns, float *sums);
void csimd_add_partials(
    const float *partials, size_t parts, size_t stride, size_t n, float *y, bool accumulate);

// activations.c: forward of the input; backward of the output for relu, sigmoid, tanh and elu, of the input for others.
void csimd_relu(const float *x, float *y, size_t n);
void csimd_relu_backward(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_sigmoid(const float *x, float *y, size_t n);
void csimd_sigmoid_backward(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_tanh(const float *x, float *y, size_t n);
void csimd_tanh_backward(const float *y, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_softplus(const float *x, float *y, size_t n);
void csimd_softplus_backward(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_swish(const float *x, float *y, size_t n);
void csimd_swish_backward(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_gelu(const float *x, float *y, size_t n);
void csimd_gelu_backward(const float *x, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_gelu_tanh(const float *x, float *y, size_t n);
void csimd_gelu_tanh_backward(
    const float *x, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_leaky_relu(const float *x, float slope, float *y, size_t n);
void csimd_leaky_relu_backward(
    const float *x, float slope, const float *dy, float *dx, size_t n, bool accumulate);
void csimd_elu(const float *x, float alpha, float *y, size_t n);
void csimd_elu_backward(
    const float *y, float alpha, const float *dy, float *dx, size_t n, bool accumulate);
