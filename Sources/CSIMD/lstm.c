#include "clones.h"
#include "csimd_recurrent.h"
#include "vector_math.h"

// Units that are computed at a time where inputs may be missing.
#define UNITS 128

CLONES void csimd_lstm_forward(
    float *gates, const float *previous, float *cell, float *output, size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    float before[UNITS];
    size_t count = units - start < UNITS ? units - start : UNITS;
    for (size_t u = 0; u < count; u++) before[u] = previous ? previous[start + u] : 0.0f;
    float *zi = gates + start, *zf = zi + units, *zg = zf + units, *zo = zg + units;
    float *c = cell + start, *h = output + start;
    INDEPENDENT for (size_t u = 0; u < count; u++) {
      float i = vector_sigmoid(zi[u]), f = vector_sigmoid(zf[u]);
      float g = vector_tanh(zg[u]), o = vector_sigmoid(zo[u]);
      float now = f * before[u] + i * g;
      zi[u] = i;
      zf[u] = f;
      zg[u] = g;
      zo[u] = o;
      c[u] = now;
      h[u] = o * vector_tanh(now);
    }
  }
}

CLONES void csimd_lstm_backward(
    const float *gates, const float *previous, const float *cell, const float *dy, const float *dh,
    float *dc, float *dgates, size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    float before[UNITS], gradient[UNITS];
    size_t count = units - start < UNITS ? units - start : UNITS;
    for (size_t u = 0; u < count; u++) before[u] = previous ? previous[start + u] : 0.0f;
    for (size_t u = 0; u < count; u++) gradient[u] = dy ? dy[start + u] : 0.0f;
    if (dh) {
      for (size_t u = 0; u < count; u++) gradient[u] += dh[start + u];
    }
    const float *zi = gates + start, *zf = zi + units, *zg = zf + units, *zo = zg + units;
    float *di = dgates + start, *df = di + units, *dg = df + units, *d_o = dg + units;
    const float *c = cell + start;
    float *dcell = dc + start;
    INDEPENDENT for (size_t u = 0; u < count; u++) {
      float i = zi[u], f = zf[u], g = zg[u], o = zo[u];
      float t = vector_tanh(c[u]);
      float d = dcell[u] + gradient[u] * o * (1.0f - t * t);
      di[u] = d * g * i * (1.0f - i);
      df[u] = d * before[u] * f * (1.0f - f);
      dg[u] = d * i * (1.0f - g * g);
      d_o[u] = gradient[u] * t * o * (1.0f - o);
      dcell[u] = d * f;
    }
  }
}
