// Softmax of single rows.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// y = exp(x - max x) / sum; returns the logarithm of the sum of exp(x). y may be x.
float csimd_softmax_row(const float *x, float *y, size_t n);
// dx (+)= y * (dy - sum(dy * y)). dx may be dy unless it accumulates.
void csimd_softmax_row_backward(
    const float *y, const float *dy, float *dx, size_t n, bool accumulate);
