#include "csimd_softmax.h"
#include <math.h>
#include "clones.h"
#include "vector_math.h"

CLONES float csimd_softmax_row(const float *x, float *y, size_t n) {
  REASSOCIATE
  float largest = -INFINITY;
  for (size_t i = 0; i < n; i++) largest = x[i] > largest ? x[i] : largest;
  float sum = 0;
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    float e = vector_exp(x[i] - largest);
    y[i] = e;
    sum += e;
  }
  float share = 1.0f / sum;
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] *= share;
  return largest + logf(sum);
}

CLONES void csimd_softmax_row_backward(
    const float *y, const float *dy, float *dx, size_t n, bool accumulate) {
  REASSOCIATE
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += dy[i] * y[i];
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] += y[i] * (dy[i] - sum);
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] = y[i] * (dy[i] - sum);
  }
}
