// Pooling of images.
#pragma once
#include "references.h"

// The number of a 2x2 window that is the maximum: the first of equal ones, and the last that is not a number.
static size_t first_greatest(const float *values) {
  size_t best = 0;
  for (size_t i = 1; i < 4; i++) {
    if (values[i] > values[best] || isnan(values[i])) best = i;
  }
  return best;
}

static void check_pooling(void) {
  CHECK(pooling, take_greater) {
    float *x = few_numbers(n), *y = few_numbers(n), *index = few_numbers(n);
    if (given) x[n / 2] = NAN;
    const double *old = exact(y, n), *tap = exact(index, n);
    tolerance = 0;
    kernel(x, 7, y, index, n);
    EACH(i, n) {
      const bool takes = x[i] > old[i] || isnan(x[i]);
      expect(i, y[i], takes ? x[i] : old[i], 0);
      expect(i, index[i], takes ? 7 : tap[i], 0);
    }
  }
  CHECK(pooling, add_where) {
    float *dy = numbers(n), *index = few_numbers(n), *dx = numbers(n);
    const double *old = exact(dx, n);
    kernel(dy, index, 2, dx, n);
    EACH(i, n) expect(i, dx[i], old[i] + (index[i] == 2 ? dy[i] : 0), 0);
  }
  CHECK(pooling, max_pool_2x2) {
    const size_t size = rows * columns;
    float *row0 = few_numbers(2 * size), *row1 = few_numbers(2 * size), *y = room(size), *index = room(size);
    if (given) row0[size] = NAN;
    if (also_given) row1[size / 2] = NAN;
    tolerance = 0;
    kernel(row0, row1, rows, columns, y, index);
    EACH(i, size) {
      const size_t a = i / columns * 2 * columns + i % columns, b = a + columns;
      const float values[] = {row0[a], row0[b], row1[a], row1[b]};
      expect(i, y[i], values[first_greatest(values)], 0);
      expect(i, index[i], (double)first_greatest(values), 0);
    }
  }
  CHECK(pooling, max_pool_2x2_backward) {
    const size_t column = given ? 3 : 0, count = 2 * rows - (also_given ? 1 : 0), tap = in_place ? 2 : 0;
    const size_t windows_read = (column + count + 1) / 2 * columns;
    float *dy = numbers(windows_read), *index = few_numbers(windows_read), *dx = room(count * columns);
    EACH(i, windows_read) index[i] = (float)(random_bits() % 4);
    tolerance = 0;
    kernel(dy, index, (float)tap, column, count, columns, dx);
    EACH(i, count * columns) {
      const size_t x = column + i / columns, window = x / 2 * columns + i % columns;
      expect(i, dx[i], index[window] == (float)(tap + x % 2) ? dy[window] : 0, 0);
    }
  }
  CHECK(pooling, average_pool_2x2) {
    const size_t size = rows * columns;
    float *row0 = numbers(2 * size), *row1 = numbers(2 * size), *y = room(size);
    kernel(row0, row1, rows, columns, y);
    EACH(i, size) {
      const size_t a = i / columns * 2 * columns + i % columns, b = a + columns;
      expect(i, y[i], 0.25 * ((double)row0[a] + row0[b] + row1[a] + row1[b]), 2);
    }
  }
  CHECK(pooling, average_pool_2x2_backward) {
    float *dy = numbers(rows * columns), *row0 = room(2 * rows * columns), *row1 = room(2 * rows * columns);
    tolerance = 0;
    kernel(dy, rows, columns, row0, row1);
    EACH(i, 2 * rows * columns) {
      const double share = 0.25 * dy[i / columns / 2 * columns + i % columns];
      expect(i, row0[i], share, 0), expect(i, row1[i], share, 0);
    }
  }
}
