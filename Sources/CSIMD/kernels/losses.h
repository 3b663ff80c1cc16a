// A loop with the element's target as `e`, and one with the same target for all, for a choice within would keep it
// from becoming vector code.
#define OVER_ELEMENTS(statement)                        \
  if (t) {                                              \
    INDEPENDENT for (size_t i = 0; i < n; i++) {        \
      const float e = t[i];                             \
      statement;                                        \
    }                                                   \
  } else {                                              \
    const float e = target;                             \
    INDEPENDENT for (size_t i = 0; i < n; i++) {        \
      statement;                                        \
    }                                                   \
  }

#define LOSS_SUM(value)                         \
  REASSOCIATE                              \
  double sum = 0;                          \
  OVER_ELEMENTS(sum += (double)(value))    \
  return sum;

#define WRITE(slope)                           \
  if (accumulate) {                            \
    OVER_ELEMENTS(dp[i] += factor * (slope))   \
  } else {                                     \
    OVER_ELEMENTS(dp[i] = factor * (slope))    \
  }

INLINE float square(float d) { return d * d; }

INLINE float huber(float d, float delta) {
  float a = __builtin_fabsf(d), near = a < delta ? a : delta;
  return near * (a - 0.5f * near);
}

INLINE float clamp(float d, float delta) { return d > delta ? delta : d < -delta ? -delta : d; }

INLINE float sign(float d) { return d > 0 ? 1.0f : d < 0 ? -1.0f : 0.0f; }

INLINE float logistic(float p, float t) {
  return (p > 0 ? p : 0) - p * t + vector_log1p_of_unit(vector_exp(-__builtin_fabsf(p)));
}

static double csimd_squared_sum(const float *p, const float *t, float target, size_t n) {
  LOSS_SUM(square(p[i] - e))
}

static double csimd_absolute_sum(const float *p, const float *t, float target, size_t n) {
  LOSS_SUM(__builtin_fabsf(p[i] - e))
}

static double csimd_huber_sum(
    const float *p, const float *t, float target, float delta, size_t n) {
  LOSS_SUM(huber(p[i] - e, delta))
}

static double csimd_logistic_sum(const float *p, const float *t, float target, size_t n) {
  LOSS_SUM(logistic(p[i], e))
}

static void csimd_squared_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate) {
  WRITE(2.0f * (p[i] - e))
}

static void csimd_absolute_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate) {
  WRITE(sign(p[i] - e))
}

static void csimd_huber_gradient(
    const float *p, const float *t, float target, float delta, float factor, float *dp, size_t n,
    bool accumulate) {
  WRITE(clamp(p[i] - e, delta))
}

static void csimd_logistic_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate) {
  WRITE(vector_sigmoid(p[i]) - e)
}
