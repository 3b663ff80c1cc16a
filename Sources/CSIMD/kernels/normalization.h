// Columns are taken in strips down all rows, so that what belongs to a column stays in registers, and the few that fill no
// vector row by row. Sums take four rows at a time: every addition to a sum waits for the one before.
#define FOUR_ROWS(x) \
  const float *x##1 = x + columns, *x##2 = x##1 + columns, *x##3 = x##2 + columns

INLINE void squares_strip(
    const int vectors, size_t first, const float *x, const float *mean, size_t rows,
    size_t columns, float *sums) {
  lanes m[4], sum[4];
  UNROLL for (int v = 0; v < vectors; v++) {
    m[v] = LANES_AT(mean + first + LANES * v), sum[v] = 0;
  }
  size_t r = 0;
  x += first;
  for (; r + 4 <= rows; r += 4, x += 4 * columns) {
    FOUR_ROWS(x);
    UNROLL for (int v = 0; v < vectors; v++) {
      const int i = LANES * v;
      lanes d = LANES_AT(x + i) - m[v], d1 = LANES_AT(x1 + i) - m[v];
      lanes d2 = LANES_AT(x2 + i) - m[v], d3 = LANES_AT(x3 + i) - m[v];
      sum[v] += (d * d + d1 * d1) + (d2 * d2 + d3 * d3);
    }
  }
  for (; r < rows; r++, x += columns) {
    UNROLL for (int v = 0; v < vectors; v++) {
      lanes d = LANES_AT(x + LANES * v) - m[v];
      sum[v] += d * d;
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) LANES_AT(sums + first + LANES * v) = sum[v];
}

static void csimd_column_squares(
    const float *x, const float *mean, size_t rows, size_t columns, float *restrict sums) {
  size_t first = 0, r = 0;
  FOR_EACH_STRIP(squares_strip, first, columns, x, mean, rows, columns, sums)
  if (first == columns) return;
  for (size_t c = first; c < columns; c++) sums[c] = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * columns) {
    FOUR_ROWS(x);
    INDEPENDENT for (size_t c = first; c < columns; c++) {
      float d = x[c] - mean[c], d1 = x1[c] - mean[c], d2 = x2[c] - mean[c], d3 = x3[c] - mean[c];
      sums[c] += (d * d + d1 * d1) + (d2 * d2 + d3 * d3);
    }
  }
  for (; r < rows; r++, x += columns) {
    INDEPENDENT for (size_t c = first; c < columns; c++) {
      float d = x[c] - mean[c];
      sums[c] += d * d;
    }
  }
}

INLINE void scale_strip(
    const int vectors, size_t first, const float *x, const float *scale, const float *offset,
    float *y, size_t rows, size_t columns) {
  lanes s[4], o[4];
  UNROLL for (int v = 0; v < vectors; v++) {
    s[v] = LANES_AT(scale + first + LANES * v), o[v] = LANES_AT(offset + first + LANES * v);
  }
  for (size_t at = first; at < rows * columns; at += columns) {
    UNROLL for (int v = 0; v < vectors; v++) {
      LANES_AT(y + at + LANES * v) = LANES_AT(x + at + LANES * v) * s[v] + o[v];
    }
  }
}

static void csimd_scale_rows(
    const float *x, const float *scale, const float *offset, float *y, size_t rows,
    size_t columns) {
  size_t first = 0;
  FOR_EACH_STRIP(scale_strip, first, columns, x, scale, offset, y, rows, columns)
  if (first == columns) return;
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    INDEPENDENT for (size_t c = first; c < columns; c++) y[c] = x[c] * scale[c] + offset[c];
  }
}

INLINE void products_strip(
    const int vectors, size_t first, const float *x, const float *dy, const float *mean,
    size_t rows, size_t columns, float *products, float *sums) {
  lanes m[4], product[4], sum[4];
  UNROLL for (int v = 0; v < vectors; v++) {
    const size_t c = first + LANES * v;
    m[v] = LANES_AT(mean + c), product[v] = LANES_AT(products + c), sum[v] = LANES_AT(sums + c);
  }
  size_t r = 0;
  x += first, dy += first;
  for (; r + 4 <= rows; r += 4, x += 4 * columns, dy += 4 * columns) {
    FOUR_ROWS(x);
    FOUR_ROWS(dy);
    UNROLL for (int v = 0; v < vectors; v++) {
      const int i = LANES * v;
      lanes g = LANES_AT(dy + i), g1 = LANES_AT(dy1 + i);
      lanes g2 = LANES_AT(dy2 + i), g3 = LANES_AT(dy3 + i);
      product[v] += (g * (LANES_AT(x + i) - m[v]) + g1 * (LANES_AT(x1 + i) - m[v])) +
                    (g2 * (LANES_AT(x2 + i) - m[v]) + g3 * (LANES_AT(x3 + i) - m[v]));
      sum[v] += (g + g1) + (g2 + g3);
    }
  }
  for (; r < rows; r++, x += columns, dy += columns) {
    UNROLL for (int v = 0; v < vectors; v++) {
      lanes g = LANES_AT(dy + LANES * v);
      product[v] += g * (LANES_AT(x + LANES * v) - m[v]);
      sum[v] += g;
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    const size_t c = first + LANES * v;
    LANES_AT(products + c) = product[v], LANES_AT(sums + c) = sum[v];
  }
}

static void csimd_add_column_products(
    const float *x, const float *dy, const float *mean, size_t rows, size_t columns,
    float *restrict products, float *restrict sums) {
  size_t first = 0, r = 0;
  FOR_EACH_STRIP(products_strip, first, columns, x, dy, mean, rows, columns, products, sums)
  if (first == columns) return;
  for (; r + 4 <= rows; r += 4, x += 4 * columns, dy += 4 * columns) {
    FOUR_ROWS(x);
    FOUR_ROWS(dy);
    INDEPENDENT for (size_t c = first; c < columns; c++) {
      float m = mean[c];
      products[c] += (dy[c] * (x[c] - m) + dy1[c] * (x1[c] - m)) +
                     (dy2[c] * (x2[c] - m) + dy3[c] * (x3[c] - m));
      sums[c] += (dy[c] + dy1[c]) + (dy2[c] + dy3[c]);
    }
  }
  for (; r < rows; r++, x += columns, dy += columns) {
    INDEPENDENT for (size_t c = first; c < columns; c++) {
      products[c] += dy[c] * (x[c] - mean[c]);
      sums[c] += dy[c];
    }
  }
}

INLINE void combine_strip(
    const int vectors, size_t first, const float *dy, const float *x, const float *a,
    const float *b, const float *d, float *dx, size_t rows, size_t columns, bool accumulate) {
  lanes u[4], s[4], w[4];
  UNROLL for (int v = 0; v < vectors; v++) {
    const size_t c = first + LANES * v;
    u[v] = LANES_AT(a + c), s[v] = LANES_AT(b + c), w[v] = LANES_AT(d + c);
  }
  for (size_t at = first; at < rows * columns; at += columns) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const size_t i = at + LANES * v;
      lanes value = u[v] * LANES_AT(dy + i) + s[v] * LANES_AT(x + i) + w[v];
      LANES_AT(dx + i) = accumulate ? LANES_AT(dx + i) + value : value;
    }
  }
}

static void csimd_combine_rows(
    const float *dy, const float *x, const float *a, const float *b, const float *d, float *dx,
    size_t rows, size_t columns, bool accumulate) {
  size_t first = 0;
  FOR_EACH_STRIP(combine_strip, first, columns, dy, x, a, b, d, dx, rows, columns, accumulate)
  if (first == columns) return;
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
    if (accumulate) {
      INDEPENDENT for (size_t c = first; c < columns; c++) {
        dx[c] += a[c] * dy[c] + b[c] * x[c] + d[c];
      }
    } else {
      INDEPENDENT for (size_t c = first; c < columns; c++) {
        dx[c] = a[c] * dy[c] + b[c] * x[c] + d[c];
      }
    }
  }
}

static void csimd_layer_norm_row(
    const float *x, const float *scale, const float *offset, float epsilon, size_t n, float *y,
    float *mean, float *inverse) {
  REASSOCIATE
  float sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  float center = sum / (float)n;
  for (size_t i = 0; i < n; i++) squares += (x[i] - center) * (x[i] - center);
  float factor = 1.0f / sqrtf(squares / (float)n + epsilon);
  *mean = center;
  *inverse = factor;
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] = (x[i] - center) * factor * scale[i] + offset[i];
}

static void csimd_layer_norm_row_backward(
    const float *x, const float *dy, const float *scale, float mean, float inverse, size_t n,
    float *dx, bool accumulate) {
  REASSOCIATE
  float sum = 0, product = 0;
  for (size_t i = 0; i < n; i++) {
    float g = dy[i] * scale[i];
    sum += g;
    product += g * (x[i] - mean) * inverse;
  }
  sum /= (float)n;
  product /= (float)n;
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      dx[i] += inverse * (dy[i] * scale[i] - sum - (x[i] - mean) * inverse * product);
    }
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      dx[i] = inverse * (dy[i] * scale[i] - sum - (x[i] - mean) * inverse * product);
    }
  }
}

static void csimd_add_normal_products(
    const float *x, const float *dy, float mean, float inverse, size_t n, float *sums) {
  INDEPENDENT for (size_t i = 0; i < n; i++) sums[i] += dy[i] * (x[i] - mean) * inverse;
}
