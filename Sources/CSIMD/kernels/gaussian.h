static void csimd_gaussian_sample(
    const float *mean, const float *log_variance, float *noise, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    float spread = vector_exp(0.5f * log_variance[i]) * noise[i];
    y[i] = mean[i] + spread;
    noise[i] = 0.5f * spread;
  }
}

static double csimd_gaussian_divergence(const float *mean, const float *log_variance, size_t n) {
  REASSOCIATE
  double sum = 0;
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    float v = log_variance[i];
    sum += (double)(mean[i] * mean[i] + (vector_expm1(v) - v));
  }
  return 0.5 * sum;
}

static void csimd_gaussian_divergence_slope(
    const float *log_variance, float factor, float *gradient, size_t n, bool accumulate) {
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      gradient[i] += 0.5f * factor * vector_expm1(log_variance[i]);
    }
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) {
      gradient[i] = 0.5f * factor * vector_expm1(log_variance[i]);
    }
  }
}
