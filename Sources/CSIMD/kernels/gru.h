static void csimd_gru_forward(
    float *gates, const float *product, const float *previous, float *output, size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    size_t count = units - start < UNITS ? units - start : UNITS;
    const float *before = row_or_zeros(previous, start);
    float *az = gates + start, *ar = az + units, *an = ar + units;
    const float *q = product + start;
    float *h = output + start;
    INDEPENDENT for (size_t u = 0; u < count; u++) {
      float z = vector_sigmoid(az[u]), r = vector_sigmoid(ar[u]);
      float n = vector_tanh(an[u] + r * q[u]);
      az[u] = z;
      ar[u] = r;
      an[u] = n;
      h[u] = n + z * (before[u] - n);
    }
  }
}

static void csimd_gru_backward(
    float *gates, float *product, const float *previous, const float *dy, float *dh,
    size_t units) {
  for (size_t start = 0; start < units; start += UNITS) {
    size_t count = units - start < UNITS ? units - start : UNITS;
    const float *before = row_or_zeros(previous, start), *of_output = row_or_zeros(dy, start);
    float *az = gates + start, *ar = az + units, *an = ar + units;
    float *q = product + start, *d = dh + start;
    INDEPENDENT for (size_t u = 0; u < count; u++) {
      float z = az[u], r = ar[u], n = an[u], g = of_output[u] + d[u];
      float dn = g * (1.0f - z) * (1.0f - n * n);
      az[u] = g * (before[u] - n) * z * (1.0f - z);
      ar[u] = dn * q[u] * r * (1.0f - r);
      an[u] = dn;
      q[u] = dn * r;
      d[u] = g * z;
    }
  }
}
