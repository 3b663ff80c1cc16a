static void csimd_add(const float *a, const float *b, float *c, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i];
}

static void csimd_subtract(const float *a, const float *b, float *c, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) c[i] = a[i] - b[i];
}

static void csimd_multiply(const float *a, const float *b, float *c, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) c[i] = a[i] * b[i];
}

static void csimd_multiply_add(const float *a, const float *b, float *c, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) c[i] += a[i] * b[i];
}

static void csimd_scale(float factor, const float *x, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] = factor * x[i];
}

static void csimd_scale_add(float factor, const float *x, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

static void csimd_clip(const float *x, float low, float high, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    float v = x[i] < low ? low : x[i];
    y[i] = v > high ? high : v;
  }
}

static void csimd_add_rows(const float *x, const float *bias, float *y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) y[c] = x[c] + bias[c];
  }
}

static void csimd_scale_add_rows(
    const float *x, float scale, const float *offset, float *y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    INDEPENDENT for (size_t c = 0; c < columns; c++) y[c] = scale * x[c] + offset[c];
  }
}
