// Elementary functions without branches, so that loops over them become vector code.
//
// Coefficients were fitted for this file (least squares on Chebyshev nodes, reweighted towards the minimax
// polynomial); errors are the largest seen against double precision over all floats of the range, in units of the last place.
#pragma once

INLINE float float_of(int32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

INLINE int32_t bits_of(float value) {
  int32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

// exp(r) = 1 + r + r^2 P(r) for |r| <= ln(2)/2; this is what follows the 1.
INLINE float exp_polynomial(float r) {
  float p = 0x1.6db42ap-10f;
  p = p * r + 0x1.123b56p-7f;
  p = p * r + 0x1.55545ep-5f;
  p = p * r + 0x1.55548ep-3f;
  p = p * r + 0x1p-1f;
  return p * r * r + r;
}

// x = n ln(2) + r with whole n; adding 1.5 * 2^23 rounds to whole numbers.
INLINE float exp_reduce(float x, int32_t *n) {
  const float magic = 0x1.8p23f;
  float shifted = x * 0x1.715476p0f + magic;
  float whole = shifted - magic;
  *n = bits_of(shifted) - bits_of(magic);
  return (x - whole * 0x1.62e4p-1f) - whole * 0x1.7f7d1cp-20f;
}

INLINE float power_of_two(int32_t n) { return float_of((int32_t)((uint32_t)(n + 127) << 23)); }

// e^x; 2 units. Infinity above 88.73, 0 below -104.
INLINE float vector_exp(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  int32_t n;
  float r = exp_reduce(x, &n);
  // In two steps, for 2^n itself may be too large or too small.
  int32_t half = n >> 1;
  return (1.0f + exp_polynomial(r)) * power_of_two(half) * power_of_two(n - half);
}

// e^x - 1 for x <= 88; 3 units, also near 0.
INLINE float vector_expm1(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -40.0f ? -40.0f : x;
  int32_t n;
  float r = exp_reduce(x, &n);
  float scale = power_of_two(n);
  return scale * exp_polynomial(r) + (scale - 1.0f);
}

// 4 units.
INLINE float vector_tanh(float x) {
  float magnitude = x < 0.0f ? -x : x;
  float e = vector_expm1(-2.0f * magnitude);
  float t = e / (e + 2.0f);
  return x < 0.0f ? t : -t;
}

// 3 units.
INLINE float vector_sigmoid(float x) { return 1.0f / (1.0f + vector_exp(-x)); }

// ln(1 + u) for 0 <= u <= 1, as 2 atanh(u / (2 + u)); 3 units.
INLINE float vector_log1p_of_unit(float u) {
  float z = u / (2.0f + u), q = z * z;
  float p = 0x1.f1af3ap-4f;
  p = p * q + 0x1.b6d68ep-4f;
  p = p * q + 0x1.250974p-3f;
  p = p * q + 0x1.9996a8p-3f;
  p = p * q + 0x1.555558p-2f;
  return 2.0f * (z + z * q * p);
}

// ln x for normal positive x; 3 units. No answer is promised for others.
INLINE float vector_log(float x) {
  // x = m 2^n with m in [sqrt(1/2), sqrt(2)): 0x3f3504f3 is sqrt(1/2).
  int32_t bits = bits_of(x) - 0x3f3504f3;
  int32_t n = bits >> 23;
  float m = float_of((bits & 0x7fffff) + 0x3f3504f3);
  float z = (m - 1.0f) / (m + 1.0f), q = z * z;
  float p = 0x1.31f672p-3f;
  p = p * q + 0x1.995e0ep-3f;
  p = p * q + 0x1.55557ap-2f;
  float whole = (float)n;
  return whole * 0x1.62e4p-1f + (2.0f * (z + z * q * p) + whole * 0x1.7f7d1cp-20f);
}

// ln(1 + e^x); 4 units.
INLINE float vector_softplus(float x) {
  float magnitude = x < 0.0f ? -x : x;
  return (x > 0.0f ? x : x != x ? x : 0.0f) + vector_log1p_of_unit(vector_exp(-magnitude));
}

// The standard normal distribution function, given g = exp(-x^2 / 2); relative error 6e-7 in both tails.
INLINE float vector_normal_cdf(float x, float g) {
  float magnitude = x < 0.0f ? -x : x;
  float t = 1.0f / (1.0f + 0.3f * magnitude);
  float p = 0x1.30c0c8p-6f;
  p = p * t + -0x1.8d9c1ap-5f;
  p = p * t + 0x1.a5c934p-9f;
  p = p * t + 0x1.40430cp-5f;
  p = p * t + 0x1.9bcc2ap-5f;
  p = p * t + 0x1.6db1dap-4f;
  p = p * t + 0x1.bd3cd2p-4f;
  p = p * t + 0x1.ea4130p-4f;
  p = p * t + 0x1.ea3856p-4f;
  float tail = g * t * p;
  return x < 0.0f ? tail : 1.0f - tail;
}

// The sine and cosine of a whole turn times u, for 0 <= u < 1; absolute error 1e-7.
INLINE void vector_sincos_turn(float u, float *sine, float *cosine) {
  const float magic = 0x1.8p23f;
  float shifted = 4.0f * u + magic;
  int32_t quarter = bits_of(shifted);
  float r = 4.0f * u - (shifted - magic), q = r * r;
  float s = -0x1.2d9bb8p-8f;
  s = s * q + 0x1.465ec6p-4f;
  s = s * q + -0x1.4abbbap-1f;
  s = (s * q + 0x1.921fb6p0f) * r;
  float c = 0x1.d9c366p-11f;
  c = c * q + -0x1.55c57cp-6f;
  c = c * q + 0x1.03c1dcp-2f;
  c = c * q + -0x1.3bd3ccp0f;
  c = c * q + 1.0f;
  float even = quarter & 1 ? c : s, odd = quarter & 1 ? s : c;
  *sine = quarter & 2 ? -even : even;
  *cosine = (quarter + 1) & 2 ? -odd : odd;
}

// The largest of n numbers, -infinity of none; what is not a number counts nothing. A maximum of single numbers has no
// vector form in plain C, so the vectors are named here.
INLINE float vector_maximum(const float *x, size_t n) {
  lanes a = -INFINITY, b = -INFINITY;
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    lanes c = LANES_AT(x + i), d = LANES_AT(x + i + LANES);
    a = c > a ? c : a;
    b = d > b ? d : b;
  }
  if (i + LANES <= n) {
    lanes c = LANES_AT(x + i);
    a = c > a ? c : a;
    i += LANES;
  }
  a = b > a ? b : a;
  // Halves against halves: one lane after the other would take as long as the exponentials of a short row.
  __typeof__(a.lo) d = a.hi > a.lo ? a.hi : a.lo;
  __typeof__(d.lo) e = d.hi > d.lo ? d.hi : d.lo;
  __typeof__(e.lo) f = e.hi > e.lo ? e.hi : e.lo;
  float best = f.x > f.y ? f.x : f.y;
  for (; i < n; i++) best = x[i] > best ? x[i] : best;
  return best;
}
