// Losses of single elements, and what is drawn from normal distributions.
#pragma once
#include "references.h"

static const float delta = 0.7f;

static double absolute(double p, double t) { return fabs(p - t); }
static double huber(double p, double t) {
  const double a = fabs(p - t);
  return a < delta ? a * a / 2 : delta * (a - delta / 2);
}
static double logistic(double p, double t) { return softplus_of(p) - p * t; }
static double squared_slope(double p, double t) { return 2 * (p - t); }
static double absolute_slope(double p, double t) { return (p > t) - (p < t); }
static double huber_slope(double p, double t) { return fmin(fmax(p - t, -delta), delta); }
static double logistic_slope(double p, double t) { return sigmoid_of(p) - t; }
static double logistic_terms(double p, double t) { return softplus_of(p) + fabs(p * t); }
static double logistic_slope_terms(double p, double t) { return sigmoid_of(p) + fabs(t); }

// Some predictions are what they should be, where the slope of an absolute value is none.
static void predict(float **p, float **t) {
  *p = few_numbers(n);
  *t = given ? few_numbers(n) : NULL;
  EACH(i, n) {
    if (i % 3) (*p)[i] = number();
  }
}

static double target_of(const double *t, size_t i) { return t ? t[i] : 0.75; }

// What a kernel is called with between the target and what all have is named last.
#define LOSS(name, loss, terms_of, ...)                                            \
  CHECK(losses, name) {                                                            \
    float *p, *t;                                                                  \
    predict(&p, &t);                                                               \
    const double *expected = t ? exact(t, n) : NULL;                               \
    reference sum = {0, 0};                                                        \
    EACH(i, n) {                                                                   \
      sum.value += loss(p[i], target_of(expected, i));                             \
      sum.terms += terms_of(p[i], target_of(expected, i));                         \
    }                                                                              \
    expect(0, kernel(p, t, 0.75f, __VA_ARGS__), sum.value, sum.terms);             \
  }
#define SLOPE(name, slope, terms_of, ...)                                          \
  CHECK(losses, name) {                                                            \
    float *p, *t;                                                                  \
    predict(&p, &t);                                                               \
    float *dp = in_place ? p : sums(n);                                            \
    const double *expected = t ? exact(t, n) : NULL;                               \
    const double *q = exact(p, n), *old = exact(dp, n);                            \
    kernel(p, t, 0.75f, __VA_ARGS__, dp, n, accumulate);                           \
    EACH(i, n) {                                                                   \
      const double e = target_of(expected, i), start = accumulate ? old[i] : 0;    \
      const double terms = fabs(start) + fabs(0.6 * terms_of(q[i], e));            \
      expect(i, dp[i], start - 0.6f * slope(q[i], e), terms);                      \
    }                                                                              \
  }

static void check_losses(void) {
  LOSS(squared_sum, squared, squared, n)
  LOSS(absolute_sum, absolute, absolute, n)
  LOSS(huber_sum, huber, huber, delta, n)
  LOSS(logistic_sum, logistic, logistic_terms, n)
  SLOPE(squared_gradient, squared_slope, squared_slope, -0.6f)
  SLOPE(absolute_gradient, absolute_slope, absolute_slope, -0.6f)
  SLOPE(huber_gradient, huber_slope, huber_slope, delta, -0.6f)
  SLOPE(logistic_gradient, logistic_slope, logistic_slope_terms, -0.6f)
  CHECK(losses, gaussian_sample) {
    float *mean = numbers(n), *variance = numbers(n), *noise = numbers(n), *y = target(mean, n);
    const double *m = exact(mean, n), *e = exact(noise, n);
    kernel(mean, variance, noise, y, n);
    EACH(i, n) {
      const double spread = exp(0.5 * variance[i]) * e[i];
      expect(i, y[i], m[i] + spread, fabs(m[i]) + fabs(spread));
      expect(i, noise[i], 0.5 * spread, 0);
    }
  }
  CHECK(losses, gaussian_divergence) {
    float *mean = numbers(n), *variance = numbers(n);
    reference sum = {0, 0};
    EACH(i, n) {
      const double m = mean[i], v = variance[i];
      sum.value += 0.5 * (m * m + expm1(v) - v);
      sum.terms += 0.5 * (m * m + fabs(expm1(v)) + fabs(v));
    }
    expect(0, kernel(mean, variance, n), sum.value, sum.terms);
  }
  CHECK(losses, gaussian_divergence_slope) {
    float *variance = numbers(n), *gradient = in_place ? variance : sums(n);
    const double *v = exact(variance, n), *old = exact(gradient, n);
    kernel(variance, -0.6f, gradient, n, accumulate);
    EACH(i, n) {
      const double start = accumulate ? old[i] : 0, slope = -0.3f * expm1(v[i]);
      expect(i, gradient[i], start + slope, fabs(start) + fabs(slope));
    }
  }
}
