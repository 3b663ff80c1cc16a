// Losses of single elements: what stands in csimd_elementwise.h holds here too. Where `t` is null, every target is `target`.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  double (*squared_sum)(const float *p, const float *t, float target, size_t n);
  double (*absolute_sum)(const float *p, const float *t, float target, size_t n);
  double (*huber_sum)(const float *p, const float *t, float target, float delta, size_t n);
  double (*logistic_sum)(const float *p, const float *t, float target, size_t n);

  // dp = factor times the derivative by p, or dp += that.
  void (*squared_gradient)(
      const float *p, const float *t, float target, float factor, float *dp, size_t n,
      bool accumulate);
  void (*absolute_gradient)(
      const float *p, const float *t, float target, float factor, float *dp, size_t n,
      bool accumulate);
  void (*huber_gradient)(
      const float *p, const float *t, float target, float delta, float factor, float *dp, size_t n,
      bool accumulate);
  void (*logistic_gradient)(
      const float *p, const float *t, float target, float factor, float *dp, size_t n,
      bool accumulate);

  // gaussian.h: y = mean + e^(log_variance / 2) noise; `noise` becomes the derivative of y by log_variance.
  void (*gaussian_sample)(
      const float *mean, const float *log_variance, float *noise, float *y, size_t n);
  // The sum of (mean^2 + e^log_variance - 1 - log_variance) / 2.
  double (*gaussian_divergence)(const float *mean, const float *log_variance, size_t n);
  // gradient (+)= factor times the derivative of that by log_variance.
  void (*gaussian_divergence_slope)(
      const float *log_variance, float factor, float *gradient, size_t n, bool accumulate);
} csimd_losses_kernels;
