// Arithmetic of single elements, and sums.
#pragma once
#include "references.h"

static double added(double a, double b) { return a + b; }
static double subtracted(double a, double b) { return a - b; }
static double multiplied(double a, double b) { return a * b; }

static void check_pairs(
    const char *name, void (*kernel)(const float *, const float *, float *, size_t),
    double (*function)(double, double)) {
  CASES(name, ordinary) {
    float *a = numbers(n), *b = numbers(n), *c = target(given ? a : b, n);
    const double *x = exact(a, n), *y = exact(b, n);
    kernel(a, b, c, n);
    EACH(i, n) expect(i, c[i], function(x[i], y[i]), 0);
  }
}

static void check_arithmetic(void) {
  check_pairs("elementwise.add", k->elementwise.add, added);
  check_pairs("elementwise.subtract", k->elementwise.subtract, subtracted);
  check_pairs("elementwise.multiply", k->elementwise.multiply, multiplied);
  CHECK(elementwise, multiply_add) {
    float *a = numbers(n), *b = numbers(n), *c = in_place ? a : numbers(n);
    const double *x = exact(a, n), *y = exact(b, n), *z = exact(c, n);
    kernel(a, b, c, n);
    EACH(i, n) expect(i, c[i], z[i] + x[i] * y[i], fabs(z[i]) + fabs(x[i] * y[i]));
  }
  CHECK(elementwise, scale) {
    float *a = numbers(n), *c = target(a, n);
    const double *x = exact(a, n);
    kernel(-1.7f, a, c, n);
    EACH(i, n) expect(i, c[i], -1.7f * x[i], 0);
  }
  CHECK(elementwise, scale_add) {
    float *a = numbers(n), *c = in_place ? a : numbers(n);
    const double *x = exact(a, n), *z = exact(c, n);
    kernel(-1.7f, a, c, n);
    EACH(i, n) expect(i, c[i], z[i] - 1.7f * x[i], fabs(z[i]) + fabs(1.7 * x[i]));
  }
  CHECK(elementwise, clip) {
    float *a = numbers(n), *c = target(a, n);
    if (given) a[n / 2] = NAN;
    const double *x = exact(a, n);
    tolerance = 0;
    kernel(a, -0.5f, 0.75f, c, n);
    EACH(i, n) expect(i, c[i], x[i] < -0.5 ? -0.5 : x[i] > 0.75 ? 0.75 : x[i], 0);
  }
  CHECK(elementwise, add_rows) {
    float *a = numbers(rows * columns), *b = numbers(columns), *c = target(a, rows * columns);
    const double *x = exact(a, rows * columns);
    kernel(a, b, c, rows, columns);
    EACH(i, rows * columns) expect(i, c[i], x[i] + b[i % columns], 0);
  }
  CHECK(elementwise, scale_add_rows) {
    float *a = numbers(rows * columns), *b = numbers(columns), *c = target(a, rows * columns);
    const double *x = exact(a, rows * columns);
    kernel(a, 0.3f, b, c, rows, columns);
    EACH(i, rows * columns) {
      expect(i, c[i], 0.3f * x[i] + b[i % columns], fabs(0.3 * x[i]) + fabs(b[i % columns]));
    }
  }
  CHECK(elementwise, transpose) {
    const size_t from = columns + (given ? 3 : 0), to = rows + (also_given ? 5 : 0);
    float *x = numbers((rows - 1) * from + columns), *y = room(columns * to);
    kernel(x, from, rows, columns, -0.7f, y, to);
    EACH(c, columns) {
      EACH(r, to) expect(c * to + r, y[c * to + r], r < rows ? -0.7f * (double)x[r * from + c] : 0, 0);
    }
  }
}

static void check_reductions(void) {
  CHECK(elementwise, sum) {
    float *x = numbers(rows * columns);
    reference sum = {0, 0};
    EACH(i, rows * columns) plus(&sum, x[i]);
    tolerance = 1e-12;
    expect(0, kernel(x, rows * columns), sum.value, sum.terms);
  }
  CHECK(elementwise, dot) {
    float *a = numbers(n), *b = numbers(n);
    reference sum = {0, 0};
    EACH(i, n) plus(&sum, (double)a[i] * b[i]);
    tolerance = 1e-12;
    expect(0, kernel(a, b, n), sum.value, sum.terms);
  }
  CHECK(elementwise, zero_if_finite) {
    float *x = wild(n);
    tolerance = 0;
    expect(0, kernel(x, n), 0, 0);
    static const float bad[] = {INFINITY, -INFINITY, NAN};
    EACH(i, n) {
      const float kept = x[i];
      x[i] = bad[i % 3];
      expect(i, kernel(x, n), NAN, 0);
      x[i] = kept;
    }
  }
  CHECK(elementwise, nonzero_rows) {
    float *x = room(rows * columns), *found = room(rows);
    EACH(i, rows * columns) x[i] = i % 2 ? 0.0f : -0.0f;
    // Rows with nothing, with one number anywhere, and with all.
    EACH(r, rows) {
      if (r % 3 == 1 || given) x[r * columns + random_bits() % columns] = also_given ? NAN : 1e-38f;
      if (r % 3 == 2) EACH(c, columns) x[r * columns + c] = number();
    }
    tolerance = 0;
    const size_t first = accumulate ? 1000 : 0, count = kernel(x, first, rows, columns, found);
    size_t wanted = 0;
    EACH(r, rows) {
      bool any = false;
      EACH(c, columns) any |= x[r * columns + c] != 0;
      if (any) expect(wanted, found[wanted], (double)(first + r), 0), wanted++;
    }
    expect(rows, (double)count, (double)wanted, 0);
  }
  CHECK(elementwise, column_sums) {
    float *x = numbers(2 * rows * columns), *list = given ? room(rows) : NULL, *y = room(columns);
    if (list) EACH(r, rows) list[r] = (float)(2 * r + r % 2);
    kernel(x, list, rows, columns, y);
    EACH(c, columns) {
      reference sum = {0, 0};
      EACH(r, rows) {
        const double value = x[(list ? (size_t)list[r] : r) * columns + c];
        plus(&sum, value);
      }
      expect(c, y[c], sum.value, sum.terms);
    }
  }
  CHECK(elementwise, add_partials) {
    const size_t stride = columns + (given ? 3 : 0);
    float *x = numbers((rows - 1) * stride + columns), *y = sums(columns);
    const double *old = exact(y, columns);
    kernel(x, rows, stride, columns, y, accumulate);
    EACH(c, columns) {
      reference sum = {accumulate ? old[c] : 0, accumulate ? fabs(old[c]) : 0};
      EACH(r, rows) plus(&sum, x[r * stride + c]);
      expect(c, y[c], sum.value, sum.terms);
    }
  }
}
