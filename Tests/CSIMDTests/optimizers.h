// Updates of weights.
#pragma once
#include "references.h"

static const float rate = 0.1f, decay = 0.02f, scale = 0.5f, keep = 0.9f, add = 0.1f, epsilon = 1e-3f, momentum = 0.8f;

static reference decayed(double g, double w) {
  return (reference){scale * g + decay * w, fabs(scale * g) + fabs(decay * w)};
}

static void check_optimizers(void) {
  CHECK(training, sgd) {
    float *w = numbers(n), *g = numbers(n);
    const double *v = exact(w, n);
    kernel(w, g, n, rate, decay, scale);
    EACH(i, n) {
      const reference d = decayed(g[i], v[i]);
      expect(i, w[i], v[i] - rate * d.value, fabs(v[i]) + rate * d.terms);
    }
  }
  CHECK(training, sgd_momentum) {
    float *w = numbers(n), *g = numbers(n), *b = numbers(n);
    const double *v = exact(w, n), *old = exact(b, n);
    kernel(w, g, b, n, rate, decay, scale, momentum, given);
    EACH(i, n) {
      const reference d = decayed(g[i], v[i]);
      const double velocity = momentum * old[i] + d.value, terms = fabs(momentum * old[i]) + d.terms;
      expect(i, b[i], velocity, terms);
      const double step = given ? d.value + momentum * velocity : velocity;
      expect(i, w[i], v[i] - rate * step, fabs(v[i]) + rate * (terms + d.terms));
    }
  }
  CHECK(training, adam) {
    float *w = numbers(n), *g = numbers(n), *m = numbers(n), *v = positive(n);
    const double *old = exact(w, n), *mean = exact(m, n), *square = exact(v, n);
    kernel(w, g, m, v, n, rate, decay, scale, 0.9f, 0.1f, 0.99f, 0.01f, 1.1f, epsilon, 0.98f);
    EACH(i, n) {
      const reference d = decayed(g[i], old[i]);
      const double first = 0.9f * mean[i] + 0.1f * d.value, terms = fabs(0.9f * mean[i]) + 0.1f * d.terms;
      const double second = 0.99f * square[i] + 0.01f * d.value * d.value;
      expect(i, m[i], first, terms);
      expect(i, v[i], second, 0);
      const double over = sqrt(second) * 1.1f + epsilon;
      expect(i, w[i], 0.98f * old[i] - rate * first / over, fabs(old[i]) + rate * terms / over);
    }
  }
  CHECK(training, rmsprop) {
    float *w = numbers(n), *g = numbers(n), *v = positive(n);
    const double *old = exact(w, n), *square = exact(v, n);
    kernel(w, g, v, n, rate, decay, scale, keep, add, epsilon);
    EACH(i, n) {
      const reference d = decayed(g[i], old[i]);
      const double now = keep * square[i] + add * d.value * d.value, over = sqrt(now) + epsilon;
      expect(i, v[i], now, 0);
      expect(i, w[i], old[i] - rate * d.value / over, fabs(old[i]) + rate * d.terms / over);
    }
  }
  CHECK(training, rmsprop_momentum) {
    float *w = numbers(n), *g = numbers(n), *v = positive(n), *b = numbers(n);
    const double *old = exact(w, n), *square = exact(v, n), *before = exact(b, n);
    kernel(w, g, v, b, n, rate, decay, scale, keep, add, epsilon, momentum);
    EACH(i, n) {
      const reference d = decayed(g[i], old[i]);
      const double now = keep * square[i] + add * d.value * d.value, over = sqrt(now) + epsilon;
      const double velocity = momentum * before[i] + d.value / over, terms = fabs(before[i]) + d.terms / over;
      expect(i, v[i], now, 0);
      expect(i, b[i], velocity, terms);
      expect(i, w[i], old[i] - rate * velocity, fabs(old[i]) + rate * terms);
    }
  }
  CHECK(training, adagrad) {
    float *w = numbers(n), *g = numbers(n), *s = positive(n);
    const double *old = exact(w, n), *square = exact(s, n);
    kernel(w, g, s, n, rate, decay, scale, 0.2f, epsilon);
    EACH(i, n) {
      const reference d = decayed(g[i], old[i]);
      const double now = square[i] + 0.2f + d.value * d.value, over = sqrt(now) + epsilon;
      expect(i, s[i], now, 0);
      expect(i, w[i], old[i] - rate * d.value / over, fabs(old[i]) + rate * d.terms / over);
    }
  }
  CHECK(training, adadelta) {
    float *w = numbers(n), *g = numbers(n), *v = positive(n), *u = positive(n);
    const double *old = exact(w, n), *square = exact(v, n), *steps = exact(u, n);
    kernel(w, g, v, u, n, rate, decay, scale, keep, add, epsilon);
    EACH(i, n) {
      const reference d = decayed(g[i], old[i]);
      const double now = keep * square[i] + add * d.value * d.value;
      const double factor = sqrt(steps[i] + epsilon) / sqrt(now + epsilon), step = d.value * factor;
      expect(i, v[i], now, 0);
      expect(i, u[i], keep * steps[i] + add * step * step, 0);
      expect(i, w[i], old[i] - rate * step, fabs(old[i]) + rate * d.terms * factor);
    }
  }
  CHECK(training, penalty) {
    float *w = few_numbers(n), *g = numbers(n);
    const double *old = exact(g, n);
    kernel(w, g, n, 0.3f, 0.7f);
    EACH(i, n) expect(i, g[i], old[i] + 0.3f * ((w[i] > 0) - (w[i] < 0)) + 0.7f * (double)w[i], 4);
  }
  CHECK(training, moving_average) {
    float *a = numbers(n), *w = numbers(n);
    const double *old = exact(a, n);
    kernel(a, w, n, 0.3f);
    EACH(i, n) expect(i, a[i], old[i] + 0.3f * (w[i] - old[i]), fabs(old[i]) + fabsf(w[i]));
  }
}
