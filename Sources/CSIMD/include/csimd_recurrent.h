// Vector kernels of recurrent layers, each for one row of a time step. `previous`, `dy` and `dh` may be null, for zeros.
#pragma once
#include <stddef.h>

typedef struct {
  // lstm.h: gates in the order i, f, g, o.
  void (*lstm_forward)(
      float *gates, const float *previous, float *cell, float *output, size_t units);
  void (*lstm_backward)(
      const float *gates, const float *previous, const float *cell, const float *dy, const float *dh,
      float *dc, float *dgates, size_t units);

  // gru.h: gates in the order z, r, n, before and after; `product` is what r multiplies, then its gradient.
  void (*gru_forward)(
      float *gates, const float *product, const float *previous, float *output, size_t units);
  // `dh` is what the next step took on entry, what this one passes on by z alone on return.
  void (*gru_backward)(
      float *gates, float *product, const float *previous, const float *dy, float *dh, size_t units);
} csimd_recurrent_kernels;
