// Rows of numbers as probabilities.
#pragma once
#include "references.h"

// Logits, one of which may say that a class cannot be.
static float *logits(size_t count) {
  float *x = numbers(count);
  EACH(i, count) x[i] *= 5;
  if (given && columns > 1) x[count / 2] = -INFINITY;
  return x;
}

static void check_softmax(void) {
  CHECK(softmax, softmax_rows) {
    float *x = logits(rows * columns), *y = target(x, rows * columns);
    const double *v = exact(x, rows * columns);
    kernel(x, y, rows, columns);
    for (size_t r = 0; r < rows; r++, v += columns, y += columns) {
      const double s = log_sum_exp(v, columns);
      EACH(c, columns) {
        const double p = exp(v[c] - s);
        // The rounding of a difference becomes a relative error.
        expect(r * columns + c, y[c], p, p > 0 ? p * (1 + fabs(v[c] - s)) : 0);
      }
    }
  }
  CHECK(softmax, softmax_rows_backward) {
    const size_t size = rows * columns;
    float *y = positive(size), *dy = numbers(size), *dx = in_place ? dy : sums(size);
    const double *g = exact(dy, size), *old = exact(dx, size);
    kernel(y, dy, dx, rows, columns, accumulate);
    for (size_t r = 0; r < rows; r++, y += columns, g += columns, dx += columns, old += columns) {
      reference mean = {0, 0};
      EACH(c, columns) plus(&mean, y[c] * g[c]);
      EACH(c, columns) {
        const double start = accumulate ? old[c] : 0, terms = fabs(start) + y[c] * (fabs(g[c]) + mean.terms);
        expect(r * columns + c, dx[c], start + y[c] * (g[c] - mean.value), terms);
      }
    }
  }
  CHECK(softmax, log_softmax_rows) {
    float *x = logits(rows * columns), *y = target(x, rows * columns);
    const double *v = exact(x, rows * columns);
    kernel(x, y, rows, columns);
    for (size_t r = 0; r < rows; r++, v += columns, y += columns) {
      const double s = log_sum_exp(v, columns);
      EACH(c, columns) expect(r * columns + c, y[c], v[c] - s, isfinite(v[c]) ? 1 + fabs(v[c] - s) : 0);
    }
  }
  CHECK(softmax, log_softmax_rows_backward) {
    const size_t size = rows * columns;
    float *y = numbers(size), *dy = numbers(size), *dx = in_place ? dy : sums(size);
    const double *g = exact(dy, size), *old = exact(dx, size), *logarithms = exact(y, size);
    kernel(y, dy, dx, rows, columns, accumulate);
    for (size_t r = 0; r < rows; r++, logarithms += columns, g += columns, dx += columns, old += columns) {
      reference sum = {0, 0};
      EACH(c, columns) plus(&sum, g[c]);
      EACH(c, columns) {
        const double start = accumulate ? old[c] : 0, p = exp(logarithms[c]);
        expect(
            r * columns + c, dx[c], start + g[c] - p * sum.value, fabs(start) + fabs(g[c]) + p * sum.terms);
      }
    }
  }
  CHECK(softmax, log_sum_exp) {
    float *x = logits(n);
    expect(0, kernel(x, n), log_sum_exp(exact(x, n), n), 1);
  }
  // Expected are w (uniform + share t), where all three may be without: `accumulate` takes the uniform part away.
  CHECK(softmax, cross_entropy) {
    float *x = numbers(n), *w = given ? positive(n) : NULL, *t = also_given ? positive(n) : NULL, *total = room(1);
    const float uniform = accumulate ? 0 : 0.05f, share = 0.9f, shift = 2.5f;
    // What is impossible and not expected is no loss.
    if (accumulate) {
      x[n / 2] = -INFINITY;
      if (t) t[n / 2] = 0;
    }
    const float got = kernel(x, shift, w, uniform, t, share, n, total);
    reference loss = {0, 0};
    double sum = 0;
    EACH(i, n) {
      const double a = (w ? w[i] : 1.0) * ((double)uniform + (t ? (double)share * t[i] : 0));
      sum += a;
      if (a != 0) loss.value += a * ((double)shift - x[i]), loss.terms += fabs(a) * (shift + fabs(x[i]));
    }
    expect(0, got, loss.value, loss.terms);
    // The same number is added again and again, and rounded the same way for long.
    tolerance = 5e-6;
    expect(1, *total, sum, 0);
    tolerance = 1e-6;
  }
  CHECK(softmax, cross_entropy_gradient) {
    float *x = numbers(n), *w = given ? positive(n) : NULL, *t = also_given ? positive(n) : NULL;
    float *dx = in_place ? x : sums(n);
    const double *v = exact(x, n), *old = exact(dx, n), shift = 2.5f, total = 1.25f;
    kernel(x, 2.5f, 1.25f, w, 0.05f, t, 0.9f, dx, n, accumulate);
    EACH(i, n) {
      const double a = (w ? w[i] : 1.0) * ((double)0.05f + (t ? (double)0.9f * t[i] : 0));
      const double start = accumulate ? old[i] : 0, p = total * exp(v[i] - shift);
      expect(i, dx[i], start + p - a, fabs(start) + p * (1 + fabs(v[i] - shift)) + a);
    }
  }
}
