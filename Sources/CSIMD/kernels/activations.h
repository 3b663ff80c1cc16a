// y = f(x).
#define FORWARD(name, expression)                                  \
  static void name(const float *from, float *to, size_t n) {       \
    INDEPENDENT for (size_t i = 0; i < n; i++) {                   \
      float x = from[i];                                           \
      to[i] = expression;                                          \
    }                                                              \
  }

// dx = dy f', or dx += dy f', where the slope is an expression in `v`, the input or the output.
#define BACKWARD(name, setup, slope)                               \
  static void name(                                                \
      const float *values, const float *dy, float *dx, size_t n, bool accumulate) { \
    if (accumulate) {                                              \
      INDEPENDENT for (size_t i = 0; i < n; i++) {                 \
        float v = values[i];                                       \
        setup;                                                     \
        dx[i] += dy[i] * (slope);                                  \
      }                                                            \
    } else {                                                       \
      INDEPENDENT for (size_t i = 0; i < n; i++) {                 \
        float v = values[i];                                       \
        setup;                                                     \
        dx[i] = dy[i] * (slope);                                   \
      }                                                            \
    }                                                              \
  }

FORWARD(csimd_relu, x < 0 ? 0 : x)
BACKWARD(csimd_relu_backward, , v > 0 ? 1.0f : 0.0f)

FORWARD(csimd_sigmoid, vector_sigmoid(x))
BACKWARD(csimd_sigmoid_backward, , v * (1.0f - v))

FORWARD(csimd_tanh, vector_tanh(x))
BACKWARD(csimd_tanh_backward, , 1.0f - v * v)

FORWARD(csimd_softplus, vector_softplus(x))
BACKWARD(csimd_softplus_backward, , vector_sigmoid(v))

FORWARD(csimd_swish, x * vector_sigmoid(x))
BACKWARD(csimd_swish_backward, float s = vector_sigmoid(v), s + v * s * (1.0f - s))

// x Phi(x); the product is 0 far below, where x^2 / 2 may be infinite.
FORWARD(csimd_gelu, x * vector_normal_cdf(x, vector_exp(-0.5f * x * x)))
BACKWARD(
    csimd_gelu_backward, float g = vector_exp(-0.5f * v * v),
    vector_normal_cdf(v, g) + v * g * 0x1.988454p-2f)

// (1 + tanh u) / 2 is the sigmoid of 2u, which loses nothing where tanh is near -1. Beyond 10 the function is x or 0 and
// the powers of x might be infinite.
INLINE float gelu_tanh_gate(float x) {
  float v = x > 10.0f ? 10.0f : x;
  v = v < -10.0f ? -10.0f : v;
  return vector_sigmoid(0x1.988454p0f * (v + 0.044715f * v * v * v));
}
INLINE float gelu_tanh_slope(float x) {
  float v = x > 10.0f ? 10.0f : x;
  v = v < -10.0f ? -10.0f : v;
  float s = gelu_tanh_gate(v);
  return s + v * s * (1.0f - s) * (0x1.988454p0f * (1.0f + 3.0f * 0.044715f * v * v));
}
FORWARD(csimd_gelu_tanh, x * gelu_tanh_gate(x))
BACKWARD(csimd_gelu_tanh_backward, , gelu_tanh_slope(v))

static void csimd_leaky_relu(const float *x, float slope, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) y[i] = x[i] < 0 ? slope * x[i] : x[i];
}

static void csimd_leaky_relu_backward(
    const float *x, float slope, const float *dy, float *dx, size_t n, bool accumulate) {
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] += x[i] < 0 ? slope * dy[i] : dy[i];
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] = x[i] < 0 ? slope * dy[i] : dy[i];
  }
}

static void csimd_elu(const float *x, float alpha, float *y, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    float below = alpha * vector_expm1(x[i]);
    y[i] = x[i] < 0 ? below : x[i];
  }
}

static void csimd_elu_backward(
    const float *y, float alpha, const float *dy, float *dx, size_t n, bool accumulate) {
  if (accumulate) {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] += y[i] < 0 ? (y[i] + alpha) * dy[i] : dy[i];
  } else {
    INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] = y[i] < 0 ? (y[i] + alpha) * dy[i] : dy[i];
  }
}
