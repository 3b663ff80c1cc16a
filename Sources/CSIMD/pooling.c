#include "csimd_pooling.h"
#include "clones.h"

CLONES void csimd_take_greater(const float *x, float tap, float *y, float *index, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    // What is not a number is taken, so that it is seen.
    bool greater = x[i] > y[i] || x[i] != x[i];
    y[i] = greater ? x[i] : y[i];
    index[i] = greater ? tap : index[i];
  }
}

CLONES void csimd_add_where(
    const float *dy, const float *index, float tap, float *dx, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] += index[i] == tap ? dy[i] : 0.0f;
}

CLONES void csimd_max_pool_2x2(
    const float *row0, const float *row1, size_t width, size_t channels, float *restrict y,
    float *restrict index) {
  for (size_t x = 0; x < width; x++) {
    const float *a = row0 + 2 * x * channels, *b = a + channels;
    const float *c = row1 + 2 * x * channels, *d = c + channels;
    float *out = y + x * channels, *at = index + x * channels;
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      float best = a[i], tap = 0;
      bool greater = b[i] > best || b[i] != b[i];
      best = greater ? b[i] : best, tap = greater ? 1.0f : tap;
      greater = c[i] > best || c[i] != c[i];
      best = greater ? c[i] : best, tap = greater ? 2.0f : tap;
      greater = d[i] > best || d[i] != d[i];
      out[i] = greater ? d[i] : best, at[i] = greater ? 3.0f : tap;
    }
  }
}

CLONES void csimd_max_pool_2x2_backward(
    const float *dy, const float *index, size_t width, size_t channels, float *restrict row0,
    float *restrict row1) {
  for (size_t x = 0; x < width; x++) {
    float *a = row0 + 2 * x * channels, *b = a + channels;
    float *c = row1 + 2 * x * channels, *d = c + channels;
    const float *g = dy + x * channels, *at = index + x * channels;
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      a[i] = at[i] == 0.0f ? g[i] : 0.0f;
      b[i] = at[i] == 1.0f ? g[i] : 0.0f;
      c[i] = at[i] == 2.0f ? g[i] : 0.0f;
      d[i] = at[i] == 3.0f ? g[i] : 0.0f;
    }
  }
}

CLONES void csimd_average_pool_2x2(
    const float *row0, const float *row1, size_t width, size_t channels, float *restrict y) {
  for (size_t x = 0; x < width; x++, row0 += 2 * channels, row1 += 2 * channels, y += channels) {
    const float *b = row0 + channels, *d = row1 + channels;
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      y[i] = 0.25f * ((row0[i] + b[i]) + (row1[i] + d[i]));
    }
  }
}

CLONES void csimd_average_pool_2x2_backward(
    const float *dy, size_t width, size_t channels, float *restrict row0, float *restrict row1) {
  for (size_t x = 0; x < width; x++, row0 += 2 * channels, row1 += 2 * channels, dy += channels) {
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      float share = 0.25f * dy[i];
      row0[i] = share, row0[channels + i] = share;
      row1[i] = share, row1[channels + i] = share;
    }
  }
}
