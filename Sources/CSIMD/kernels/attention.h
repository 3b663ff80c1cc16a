

INLINE size_t seen(size_t visible, size_t row, size_t columns) {
  return visible + row < columns ? visible + row : columns;
}

// Whole vectors: a row of 17 would else be one vector and a number by itself, which takes as long.
INLINE size_t whole(size_t columns) { return (columns + LANES - 1) / LANES * LANES; }

static void csimd_attention_weights(
    float *scores, size_t rows, size_t columns, size_t stride, size_t visible, float *log_sums) {
  REASSOCIATE
  const size_t end = whole(columns);
  for (size_t r = 0; r < rows; r++, scores += stride) {
    const size_t count = seen(visible, r, columns), computed = whole(count);
    for (size_t c = count; c < computed; c++) scores[c] = -INFINITY;
    const float shift = vector_maximum(scores, computed);
    float sum = 0;
    INDEPENDENT for (size_t c = 0; c < computed; c++) {
      float e = vector_exp(scores[c] - shift);
      scores[c] = e;
      sum += e;
    }
    const float scale = 1.0f / sum;
    for (size_t c = 0; c < computed; c++) scores[c] *= scale;
    for (size_t c = computed; c < end; c++) scores[c] = 0;
    log_sums[r] = shift + logf(sum);
  }
}

static void csimd_attention_weights_backward(
    float *scores, float *gradients, size_t rows, size_t columns, size_t stride, size_t visible,
    const float *log_sums, const float *deltas, float scale) {
  const size_t end = whole(columns);
  for (size_t r = 0; r < rows; r++, scores += stride, gradients += stride) {
    const size_t count = seen(visible, r, columns), computed = whole(count);
    const float log_sum = log_sums[r], delta = deltas[r];
    for (size_t c = count; c < computed; c++) {
      scores[c] = -INFINITY;
      gradients[c] = 0;
    }
    INDEPENDENT for (size_t c = 0; c < computed; c++) {
      float weight = vector_exp(scores[c] - log_sum);
      scores[c] = weight;
      gradients[c] = scale * weight * (gradients[c] - delta);
    }
    for (size_t c = computed; c < end; c++) scores[c] = gradients[c] = 0;
  }
}

static void csimd_row_dots(
    const float *a, size_t stride_a, const float *b, size_t stride_b, size_t rows, size_t columns,
    float *dots) {
  REASSOCIATE
  for (size_t r = 0; r < rows; r++, a += stride_a, b += stride_b) {
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += a[c] * b[c];
    dots[r] = sum;
  }
}

static void csimd_additive_scores(
    const float *query, const float *keys, const float *scale, const float *mask, size_t count,
    size_t width, float *scores) {
  REASSOCIATE
  for (size_t s = 0; s < count; s++, keys += width) {
    if (mask && mask[s] == 0) {
      scores[s] = -INFINITY;
      continue;
    }
    float sum = 0;
    if (scale) {
      for (size_t d = 0; d < width; d++) sum += scale[d] * vector_tanh(query[d] + keys[d]);
    } else {
      for (size_t d = 0; d < width; d++) sum += vector_tanh(query[d] + keys[d]);
    }
    scores[s] = sum;
  }
}

static void csimd_additive_scores_backward(
    const float *query, const float *keys, const float *scale, const float *dscores, size_t count,
    size_t width, float *dquery, float *dkeys, float *dscale) {
  for (size_t s = 0; s < count; s++, keys += width) {
    const float gradient = dscores[s];
    if (gradient == 0) continue;
    float *dkey = dkeys ? dkeys + s * width : NULL;
    INDEPENDENT for (size_t d = 0; d < width; d++) {
      float t = vector_tanh(query[d] + keys[d]);
      float g = gradient * (scale ? scale[d] : 1.0f) * (1.0f - t * t);
      dquery[d] += g;
      if (dkey) dkey[d] += g;
      dscale[d] += gradient * t;
    }
  }
}
