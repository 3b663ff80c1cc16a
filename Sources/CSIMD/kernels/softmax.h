INLINE float sum_of_exponentials(const float *x, float shift, size_t n) {
  REASSOCIATE
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += vector_exp(x[i] - shift);
  return sum;
}

static void csimd_softmax_rows(const float *x, float *y, size_t rows, size_t columns) {
  REASSOCIATE
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    const float shift = vector_maximum(x, columns);
    float sum = 0;
    INDEPENDENT for (size_t c = 0; c < columns; c++) {
      float e = vector_exp(x[c] - shift);
      y[c] = e;
      sum += e;
    }
    const float scale = 1.0f / sum;
    for (size_t c = 0; c < columns; c++) y[c] *= scale;
  }
}

static void csimd_softmax_rows_backward(
    const float *y, const float *dy, float *dx, size_t rows, size_t columns, bool accumulate) {
  REASSOCIATE
  for (size_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float mean = 0;
    for (size_t c = 0; c < columns; c++) mean += y[c] * dy[c];
    if (accumulate) {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] += y[c] * (dy[c] - mean);
    } else {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - mean);
    }
  }
}

static float csimd_log_sum_exp(const float *x, size_t n) {
  const float shift = vector_maximum(x, n);
  return shift + logf(sum_of_exponentials(x, shift, n));
}

static void csimd_log_softmax_rows(const float *x, float *y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    const float shift = vector_maximum(x, columns);
    const float logarithm = logf(sum_of_exponentials(x, shift, columns));
    // Taken off one after the other: their sum would round.
    INDEPENDENT for (size_t c = 0; c < columns; c++) y[c] = (x[c] - shift) - logarithm;
  }
}

static void csimd_log_softmax_rows_backward(
    const float *y, const float *dy, float *dx, size_t rows, size_t columns, bool accumulate) {
  REASSOCIATE
  for (size_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += dy[c];
    if (accumulate) {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] += dy[c] - vector_exp(y[c]) * sum;
    } else {
      INDEPENDENT for (size_t c = 0; c < columns; c++) dx[c] = dy[c] - vector_exp(y[c]) * sum;
    }
  }
}

static void csimd_cross_entropy_gradient(
    const float *x, float shift, float total, const float *weights, float uniform, const float *t,
    float share, float *dx, size_t n, bool accumulate) {
#define GRADIENT(EXPECTED)                                                                        \
  if (accumulate) {                                                                               \
    INDEPENDENT for (size_t i = 0; i < n; i++)                                                    \
        dx[i] += total * vector_exp(x[i] - shift) - (EXPECTED);                                   \
  } else {                                                                                        \
    INDEPENDENT for (size_t i = 0; i < n; i++)                                                    \
        dx[i] = total * vector_exp(x[i] - shift) - (EXPECTED);                                    \
  }
  if (t && weights) {
    GRADIENT(weights[i] * (uniform + share * t[i]))
  } else if (t) {
    GRADIENT(uniform + share * t[i])
  } else if (weights) {
    GRADIENT(weights[i] * uniform)
  } else {
    GRADIENT(uniform)
  }
#undef GRADIENT
}

static float csimd_cross_entropy(
    const float *x, float shift, const float *weights, float uniform, const float *t, float share,
    size_t n, float *total) {
  REASSOCIATE
  float loss = 0, sum = 0;
#define SUM(EXPECTED)                                                                                \
  for (size_t i = 0; i < n; i++) {                                                                \
    float a = EXPECTED;                                                                              \
    sum += a;                                                                                     \
    /* Nothing expected where the logit is minus infinity is no loss. */                          \
    loss += a == 0.0f ? 0.0f : a * (shift - x[i]);                                                \
  }
  if (t && weights) {
    SUM(weights[i] * (uniform + share * t[i]))
  } else if (t) {
    SUM(uniform + share * t[i])
  } else if (weights) {
    SUM(weights[i] * uniform)
  } else {
    SUM(uniform)
  }
#undef SUM
  *total = sum;
  return loss;
}
