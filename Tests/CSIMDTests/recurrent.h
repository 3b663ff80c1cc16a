// Steps of recurrent layers.
#pragma once
#include "references.h"

static float *maybe(bool is_there) { return is_there ? numbers(n) : NULL; }
static const double *maybe_exact(const float *x) { return x ? exact(x, n) : NULL; }

static void check_recurrent(void) {
  CHECK(recurrent, lstm_forward) {
    float *gates = numbers(4 * n), *previous = maybe(given), *y = room(n);
    float *cell = in_place && previous ? previous : room(n);
    const double *z = exact(gates, 4 * n), *before = maybe_exact(previous);
    kernel(gates, previous, cell, y, n);
    EACH(u, n) {
      const double i = sigmoid_of(z[u]), f = sigmoid_of(z[n + u]), g = tanh(z[2 * n + u]), o = sigmoid_of(z[3 * n + u]);
      const double kept = f * or_zero(before, u), now = kept + i * g, terms = fabs(kept) + fabs(i * g);
      expect(u, gates[u], i, 0), expect(n + u, gates[n + u], f, 0);
      expect(2 * n + u, gates[2 * n + u], g, 0), expect(3 * n + u, gates[3 * n + u], o, 0);
      expect(u, cell[u], now, terms);
      expect(u, y[u], o * tanh(now), o * terms);
    }
  }
  CHECK(recurrent, lstm_backward) {
    float *gates = numbers(4 * n), *previous = maybe(given), *cell = numbers(n), *dy = maybe(also_given);
    float *dh = maybe(accumulate), *dc = numbers(n), *dgates = target(gates, 4 * n);
    const double *z = exact(gates, 4 * n), *before = maybe_exact(previous), *old = exact(dc, n);
    const double *of_output = maybe_exact(dy), *of_next = maybe_exact(dh);
    tolerance = 2e-6;
    kernel(gates, previous, cell, dy, dh, dc, dgates, n);
    EACH(u, n) {
      const double i = z[u], f = z[n + u], g = z[2 * n + u], o = z[3 * n + u], t = tanh(cell[u]);
      const double gradient = or_zero(of_output, u) + or_zero(of_next, u), b = or_zero(before, u);
      const double d = old[u] + gradient * o * (1 - t * t), terms = fabs(old[u]) + fabs(gradient * o);
      expect(u, dgates[u], d * g * i * (1 - i), terms * fabs(g * i * (1 - i)));
      expect(n + u, dgates[n + u], d * b * f * (1 - f), terms * fabs(b * f * (1 - f)));
      expect(2 * n + u, dgates[2 * n + u], d * i * (1 - g * g), terms * fabs(i) * (1 + g * g));
      expect(3 * n + u, dgates[3 * n + u], gradient * t * o * (1 - o), 0);
      expect(u, dc[u], d * f, terms * fabs(f));
    }
  }
  CHECK(recurrent, gru_forward) {
    float *gates = numbers(3 * n), *product = numbers(n), *previous = maybe(given);
    float *y = in_place && previous ? previous : room(n);
    const double *a = exact(gates, 3 * n), *before = maybe_exact(previous);
    kernel(gates, product, previous, y, n);
    EACH(u, n) {
      const double z = sigmoid_of(a[u]), r = sigmoid_of(a[n + u]), q = r * product[u], now = tanh(a[2 * n + u] + q);
      const double terms = 1 + fabs(q), b = or_zero(before, u);
      expect(u, gates[u], z, 0), expect(n + u, gates[n + u], r, 0), expect(2 * n + u, gates[2 * n + u], now, terms);
      expect(u, y[u], now + z * (b - now), terms + z * (fabs(b) + 1));
    }
  }
  CHECK(recurrent, gru_backward) {
    float *gates = numbers(3 * n), *product = numbers(n), *previous = maybe(given), *dy = maybe(also_given);
    float *dh = numbers(n);
    const double *a = exact(gates, 3 * n), *q = exact(product, n), *before = maybe_exact(previous);
    const double *of_output = maybe_exact(dy), *of_next = exact(dh, n);
    kernel(gates, product, previous, dy, dh, n);
    EACH(u, n) {
      const double z = a[u], r = a[n + u], now = a[2 * n + u], g = or_zero(of_output, u) + of_next[u];
      const double dn = g * (1 - z) * (1 - now * now), terms = fabs(g * (1 - z)) * (1 + now * now);
      expect(u, gates[u], g * (or_zero(before, u) - now) * z * (1 - z), 0);
      expect(n + u, gates[n + u], dn * q[u] * r * (1 - r), terms * fabs(q[u] * r * (1 - r)));
      expect(2 * n + u, gates[2 * n + u], dn, terms);
      expect(u, product[u], dn * r, terms * fabs(r));
      expect(u, dh[u], g * z, 0);
    }
  }
}
