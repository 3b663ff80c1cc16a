// What lies between the matrix products of attention.
#pragma once
#include "references.h"

// Rows of whole vectors, which `stride` says here too.
static size_t whole_vectors(void) { return (columns + 15) / 16 * 16 + (given ? 16 : 0); }
static size_t visible_columns(void) { return also_given ? columns : 1 + columns / 3; }
static size_t seen_columns(size_t row) {
  const size_t seen = visible_columns() + row;
  return seen < columns ? seen : columns;
}

static void check_attention(void) {
  CHECK(attention, attention_weights) {
    const size_t stride = whole_vectors();
    float *x = numbers(rows * stride), *log_sums = room(rows);
    const double *v = exact(x, rows * stride);
    kernel(x, rows, columns, stride, visible_columns(), log_sums);
    EACH(r, rows) {
      const size_t seen = seen_columns(r);
      const double s = log_sum_exp(v + r * stride, seen);
      expect(r, log_sums[r], s, 1);
      EACH(c, columns) {
        const double p = c < seen ? exp(v[r * stride + c] - s) : 0;
        expect(r * stride + c, x[r * stride + c], p, p * (1 + fabs(v[r * stride + c] - s)));
      }
    }
  }
  CHECK(attention, attention_weights_backward) {
    const size_t stride = whole_vectors(), size = rows * stride;
    float *x = numbers(size), *dy = numbers(size), *log_sums = numbers(rows), *deltas = numbers(rows);
    const double *v = exact(x, size), *g = exact(dy, size);
    kernel(x, dy, rows, columns, stride, visible_columns(), log_sums, deltas, 0.4f);
    EACH(r, rows) {
      EACH(c, columns) {
        const size_t i = r * stride + c;
        const double s = log_sums[r], p = c < seen_columns(r) ? exp(v[i] - s) : 0, d = deltas[r];
        const double terms = p * (1 + fabs(v[i] - s));
        expect(i, x[i], p, terms);
        expect(i, dy[i], 0.4f * p * (g[i] - d), 0.4f * terms * fabs(g[i] - d));
      }
    }
  }
  CHECK(attention, row_dots) {
    const size_t stride_a = columns + (given ? 3 : 0), stride_b = columns + (also_given ? 5 : 0);
    float *a = numbers((rows - 1) * stride_a + columns), *b = numbers((rows - 1) * stride_b + columns), *y = room(rows);
    kernel(a, stride_a, b, stride_b, rows, columns, y);
    EACH(r, rows) {
      reference sum = {0, 0};
      EACH(c, columns) {
        plus(&sum, (double)a[r * stride_a + c] * b[r * stride_b + c]);
      }
      expect(r, y[r], sum.value, sum.terms);
    }
  }
  CHECK(attention, additive_scores) {
    float *query = numbers(columns), *keys = numbers(rows * columns), *scale = given ? numbers(columns) : NULL;
    float *mask = also_given ? few_numbers(rows) : NULL, *y = room(rows);
    kernel(query, keys, scale, mask, rows, columns, y);
    EACH(s, rows) {
      reference sum = {0, 0};
      EACH(d, columns) {
        const double w = scale ? scale[d] : 1;
        sum.value += w * tanh((double)query[d] + keys[s * columns + d]), sum.terms += fabs(w);
      }
      expect(s, y[s], mask && mask[s] == 0 ? -INFINITY : sum.value, sum.terms);
    }
  }
  CHECK(attention, additive_scores_backward) {
    float *query = numbers(columns), *keys = numbers(rows * columns), *scale = given ? numbers(columns) : NULL;
    float *dscores = few_numbers(rows), *dquery = numbers(columns), *dscale = numbers(columns);
    float *dkeys = also_given ? numbers(rows * columns) : NULL;
    const double *old_query = exact(dquery, columns), *old_scale = exact(dscale, columns);
    const double *old_keys = dkeys ? exact(dkeys, rows * columns) : NULL;
    kernel(query, keys, scale, dscores, rows, columns, dquery, dkeys, dscale);
    EACH(d, columns) {
      reference q = sum_from(old_query[d]), s = sum_from(old_scale[d]);
      EACH(r, rows) {
        const size_t i = r * columns + d;
        const double t = tanh((double)query[d] + keys[i]), g = dscores[r], w = g * (scale ? scale[d] : 1);
        q.value += w * (1 - t * t), q.terms += fabs(w);
        plus(&s, g * t);
        if (dkeys) expect(i, dkeys[i], old_keys[i] + w * (1 - t * t), fabs(old_keys[i]) + fabs(w));
      }
      expect(d, dquery[d], q.value, q.terms);
      expect(d, dscale[d], s.value, s.terms);
    }
  }
}
