// Normalisation over rows.
#pragma once
#include "references.h"

static void check_normalization(void) {
  CHECK(normalization, column_squares) {
    float *x = numbers(rows * columns), *mean = numbers(columns), *y = room(columns);
    kernel(x, mean, rows, columns, y);
    EACH(c, columns) {
      double sum = 0;
      EACH(r, rows) sum += squared(x[r * columns + c], mean[c]);
      expect(c, y[c], sum, 0);
    }
  }
  CHECK(normalization, scale_rows) {
    float *x = numbers(rows * columns), *scale = numbers(columns), *offset = numbers(columns);
    float *y = target(x, rows * columns);
    const double *v = exact(x, rows * columns);
    kernel(x, scale, offset, y, rows, columns);
    EACH(i, rows * columns) {
      const double product = v[i] * scale[i % columns], o = offset[i % columns];
      expect(i, y[i], product + o, fabs(product) + fabs(o));
    }
  }
  CHECK(normalization, add_column_products) {
    float *x = numbers(rows * columns), *dy = numbers(rows * columns), *mean = numbers(columns);
    float *products = numbers(columns), *y = numbers(columns), *products4 = room(columns), *y4 = room(columns);
    memcpy(products4, products, columns * sizeof(float)), memcpy(y4, y, columns * sizeof(float));
    const double *p = exact(products, columns), *s = exact(y, columns);
    kernel(x, dy, mean, rows, columns, products, y);
    EACH(c, columns) {
      reference product = sum_from(p[c]), sum = sum_from(s[c]);
      EACH(r, rows) {
        const double g = dy[r * columns + c], d = (double)x[r * columns + c] - mean[c];
        plus(&product, g * d);
        plus(&sum, g);
      }
      expect(c, products[c], product.value, product.terms);
      expect(c, y[c], sum.value, sum.terms);
    }
    // The same bits whether rows come at once or by multiples of four.
    for (size_t r = 0; r < rows; r += 4) {
      kernel(x + r * columns, dy + r * columns, mean, rows - r < 4 ? rows - r : 4, columns, products4, y4);
    }
    tolerance = 0;
    EACH(c, columns) expect(c, products4[c], products[c], 0), expect(c, y4[c], y[c], 0);
    tolerance = 1e-6;
  }
  CHECK(normalization, combine_rows) {
    const size_t size = rows * columns;
    float *dy = numbers(size), *x = numbers(size), *a = numbers(columns), *b = numbers(columns), *d = numbers(columns);
    float *dx = in_place ? dy : sums(size);
    const double *g = exact(dy, size), *v = exact(x, size), *old = exact(dx, size);
    kernel(dy, x, a, b, d, dx, rows, columns, accumulate);
    EACH(i, size) {
      const size_t c = i % columns;
      const double start = accumulate ? old[i] : 0, one = a[c] * g[i], two = b[c] * v[i];
      expect(i, dx[i], start + one + two + d[c], fabs(start) + fabs(one) + fabs(two) + fabs(d[c]));
    }
  }
  CHECK(normalization, layer_norm_row) {
    float *x = numbers(n), *scale = numbers(n), *offset = numbers(n), *y = target(x, n);
    float *mean = room(1), *inverse = room(1);
    const double *v = exact(x, n);
    kernel(x, scale, offset, 1e-3f, n, y, mean, inverse);
    reference sum = {0, 0};
    EACH(i, n) plus(&sum, v[i]);
    const double center = sum.value / n;
    double squares = 0;
    EACH(i, n) squares += squared(v[i], center);
    const double factor = 1 / sqrt(squares / n + 1e-3f);
    expect(0, *mean, center, sum.terms / n);
    expect(0, *inverse, factor, 0);
    EACH(i, n) {
      const double f = fabs(factor * scale[i]);
      expect(i, y[i], (v[i] - center) * factor * scale[i] + offset[i], f * (fabs(v[i]) + sum.terms / n) + 2);
    }
  }
  CHECK(normalization, layer_norm_row_backward) {
    float *x = numbers(n), *dy = numbers(n), *scale = numbers(n), *dx = in_place ? dy : sums(n);
    const double *v = exact(x, n), *g = exact(dy, n), *old = exact(dx, n), mean = 0.1f, inverse = 1.9f;
    kernel(x, dy, scale, 0.1f, 1.9f, n, dx, accumulate);
    reference sum = {0, 0}, product = {0, 0};
    EACH(i, n) {
      const double a = g[i] * scale[i] / n, b = a * (v[i] - mean) * inverse;
      plus(&sum, a), plus(&product, b);
    }
    EACH(i, n) {
      const double start = accumulate ? old[i] : 0, a = g[i] * scale[i], b = (v[i] - mean) * inverse;
      expect(
          i, dx[i], start + inverse * (a - sum.value - b * product.value),
          fabs(start) + inverse * (fabs(a) + sum.terms + fabs(b) * product.terms));
    }
  }
  CHECK(normalization, add_normal_products) {
    float *x = numbers(n), *dy = numbers(n), *y = in_place ? dy : numbers(n);
    const double *g = exact(dy, n), *old = exact(y, n);
    kernel(x, dy, 0.1f, 1.9f, n, y);
    EACH(i, n) {
      const double product = g[i] * ((double)x[i] - 0.1f) * 1.9f;
      expect(i, y[i], old[i] + product, fabs(old[i]) + fabs(product));
    }
  }
}
