// Activation functions and their slopes.
#pragma once
#include "references.h"

static double normal_cdf(double x) { return 0.5 * erfc(-x * M_SQRT1_2); }
static double normal_density(double x) { return exp(-0.5 * x * x) * 0.5 * M_2_SQRTPI * M_SQRT1_2; }

static reference relu(double x) { return plain(x < 0 ? 0 : x); }
static reference relu_slope(double y) { return plain(y > 0); }
static reference sigmoid(double x) { return plain(sigmoid_of(x)); }
static reference sigmoid_slope(double y) { return plain(y * (1 - y)); }
static reference hyperbolic(double x) { return plain(tanh(x)); }
static reference hyperbolic_slope(double y) { return (reference){1 - y * y, 1 + y * y}; }
static reference softplus(double x) { return plain(softplus_of(x)); }
static reference swish(double x) { return plain(x * sigmoid_of(x)); }
static reference swish_slope(double x) {
  const double s = sigmoid_of(x);
  return (reference){s + x * s * (1 - s), s + fabs(x) * s};
}
// The rounding of x^2 / 2 becomes a relative error of its exponential.
static reference gelu(double x) {
  const double y = x * normal_cdf(x);
  return (reference){y, fabs(y) * (1 + x * x)};
}
static reference gelu_slope(double x) {
  const double a = normal_cdf(x), b = x * normal_density(x);
  return (reference){a + b, (fabs(a) + fabs(b)) * (1 + x * x)};
}
// So does that of the cubic. Beyond 10 the kernel stays at the gate of 10, which is below 1e-37 or 1.
static double gelu_tanh_inner(double x) { return sqrt(8 / M_PI) * (x + 0.044715 * x * x * x); }
static reference gelu_tanh(double x) {
  const double u = gelu_tanh_inner(x), y = x * sigmoid_of(u);
  return (reference){y, fabs(y) * (1 + fabs(u)) + 1e-28 * fabs(x)};
}
static reference gelu_tanh_slope(double x) {
  const double v = fmin(fmax(x, -10), 10), s = sigmoid_of(gelu_tanh_inner(v));
  const double a = fabs(v) * s * sqrt(8 / M_PI) * (1 + 3 * 0.044715 * v * v);
  return (reference){s + (v < 0 ? -a : a) * (1 - s), s + a * (1 + fabs(gelu_tanh_inner(v)) * (1 - s))};
}

static void check_function(
    const char *name, void (*kernel)(const float *, float *, size_t), reference (*function)(double), double allowed) {
  CASES(name, ordinary) {
    float *x = wild(n), *y = target(x, n);
    const double *v = exact(x, n);
    tolerance = allowed;
    kernel(x, y, n);
    EACH(i, n) {
      const reference f = function(v[i]);
      expect(i, y[i], f.value, f.terms);
    }
  }
}

static void expect_gradient(
    const float *dx, const double *old, const double *dy, const double *values, reference (*slope)(double)) {
  EACH(i, n) {
    const reference s = slope(values[i]);
    const double start = accumulate ? old[i] : 0;
    expect(i, dx[i], start + dy[i] * s.value, fabs(start) + fabs(dy[i]) * fmax(s.terms, fabs(s.value)));
  }
}

static void check_gradient(
    const char *name, void (*kernel)(const float *, const float *, float *, size_t, bool), reference (*slope)(double),
    float *(*inputs)(size_t)) {
  CASES(name, ordinary) {
    float *x = inputs(n), *dy = numbers(n), *dx = in_place ? (given ? x : dy) : sums(n);
    const double *v = exact(x, n), *g = exact(dy, n), *old = exact(dx, n);
    kernel(x, dy, dx, n, accumulate);
    expect_gradient(dx, old, g, v, slope);
  }
}

#define FUNCTION(name, reference, allowed) \
  check_function("elementwise." #name, k->elementwise.name, reference, allowed)
#define GRADIENT(name, slope, inputs) check_gradient("elementwise." #name, k->elementwise.name, slope, inputs)

static const float alpha = 1.3f;
static reference leaky_relu(double x) { return plain(x < 0 ? alpha * x : x); }
static reference leaky_relu_slope(double x) { return plain(x < 0 ? alpha : 1); }
static reference elu(double x) { return plain(x < 0 ? alpha * expm1(x) : x); }
static reference elu_slope(double y) { return plain(y < 0 ? y + alpha : 1); }

static void check_activations(void) {
  FUNCTION(relu, relu, 0);
  FUNCTION(sigmoid, sigmoid, UNITS(3));
  FUNCTION(tanh, hyperbolic, UNITS(4));
  FUNCTION(softplus, softplus, UNITS(4));
  FUNCTION(swish, swish, UNITS(4));
  FUNCTION(gelu, gelu, 7e-7);
  FUNCTION(gelu_tanh, gelu_tanh, 7e-7);
  GRADIENT(relu_backward, relu_slope, numbers);
  GRADIENT(sigmoid_backward, sigmoid_slope, numbers);
  GRADIENT(tanh_backward, hyperbolic_slope, numbers);
  GRADIENT(softplus_backward, sigmoid, wild);
  GRADIENT(swish_backward, swish_slope, wild);
  GRADIENT(gelu_backward, gelu_slope, wild);
  GRADIENT(gelu_tanh_backward, gelu_tanh_slope, wild);
  CHECK(elementwise, leaky_relu) {
    float *x = wild(n), *y = target(x, n);
    const double *v = exact(x, n);
    tolerance = UNITS(1);
    kernel(x, alpha, y, n);
    EACH(i, n) expect(i, y[i], leaky_relu(v[i]).value, 0);
  }
  CHECK(elementwise, elu) {
    float *x = wild(n), *y = target(x, n);
    const double *v = exact(x, n);
    tolerance = UNITS(4);
    kernel(x, alpha, y, n);
    EACH(i, n) expect(i, y[i], elu(v[i]).value, 0);
  }
  CHECK(elementwise, leaky_relu_backward) {
    float *x = wild(n), *dy = numbers(n), *dx = in_place ? dy : sums(n);
    const double *v = exact(x, n), *g = exact(dy, n), *old = exact(dx, n);
    kernel(x, alpha, dy, dx, n, accumulate);
    expect_gradient(dx, old, g, v, leaky_relu_slope);
  }
  CHECK(elementwise, elu_backward) {
    float *y = numbers(n), *dy = numbers(n), *dx = in_place ? dy : sums(n);
    const double *v = exact(y, n), *g = exact(dy, n), *old = exact(dx, n);
    kernel(y, alpha, dy, dx, n, accumulate);
    expect_gradient(dx, old, g, v, elu_slope);
  }
}
