static void csimd_lstm_forward(
    float *gates, const float *previous, float *cell, float *output, size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    size_t count = units - start < UNITS ? units - start : UNITS;
    const float *before = row_or_zeros(previous, start);
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

static void csimd_lstm_backward(
    const float *gates, const float *previous, const float *cell, const float *dy, const float *dh,
    float *dc, float *dgates, size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    size_t count = units - start < UNITS ? units - start : UNITS;
    const float *before = row_or_zeros(previous, start);
    const float *of_output = row_or_zeros(dy, start), *of_next = row_or_zeros(dh, start);
    const float *zi = gates + start, *zf = zi + units, *zg = zf + units, *zo = zg + units;
    float *di = dgates + start, *df = di + units, *dg = df + units, *d_o = dg + units;
    const float *c = cell + start;
    float *dcell = dc + start;
    INDEPENDENT for (size_t u = 0; u < count; u++) {
      float i = zi[u], f = zf[u], g = zg[u], o = zo[u];
      float gradient = of_output[u] + of_next[u], t = vector_tanh(c[u]);
      float d = dcell[u] + gradient * o * (1.0f - t * t);
      di[u] = d * g * i * (1.0f - i);
      df[u] = d * before[u] * f * (1.0f - f);
      dg[u] = d * i * (1.0f - g * g);
      d_o[u] = gradient * t * o * (1.0f - o);
      dcell[u] = d * f;
    }
  }
}
