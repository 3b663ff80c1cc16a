// One pass over memory for each update: all of them are bound by it.

// Without the error number of sqrtf, which would keep a loop from becoming vector code.
#define ROOT(x) __builtin_elementwise_sqrt(x)

#define EACH_ELEMENT INDEPENDENT for (size_t i = 0; i < n; i++)

static void csimd_sgd(
    float *restrict w, const float *restrict g, size_t n, float rate, float decay, float scale) {
  EACH_ELEMENT w[i] -= rate * (scale * g[i] + decay * w[i]);
}

static void csimd_sgd_momentum(
    float *restrict w, const float *restrict g, float *restrict b, size_t n, float rate,
    float decay, float scale, float momentum, bool nesterov) {
  if (nesterov) {
    EACH_ELEMENT {
      float gradient = scale * g[i] + decay * w[i];
      float velocity = momentum * b[i] + gradient;
      b[i] = velocity;
      w[i] -= rate * (gradient + momentum * velocity);
    }
  } else {
    EACH_ELEMENT {
      float velocity = momentum * b[i] + (scale * g[i] + decay * w[i]);
      b[i] = velocity;
      w[i] -= rate * velocity;
    }
  }
}

static void csimd_adam(
    float *restrict w, const float *restrict g, float *restrict m, float *restrict v, size_t n,
    float rate, float decay, float scale, float keep1, float add1, float keep2, float add2,
    float correction, float epsilon, float kept) {
  EACH_ELEMENT {
    float gradient = scale * g[i] + decay * w[i];
    float mean = keep1 * m[i] + add1 * gradient;
    float square = keep2 * v[i] + add2 * (gradient * gradient);
    m[i] = mean;
    v[i] = square;
    w[i] = kept * w[i] - rate * mean / (ROOT(square) * correction + epsilon);
  }
}

static void csimd_rmsprop(
    float *restrict w, const float *restrict g, float *restrict v, size_t n, float rate,
    float decay, float scale, float keep, float add, float epsilon) {
  EACH_ELEMENT {
    float gradient = scale * g[i] + decay * w[i];
    float square = keep * v[i] + add * (gradient * gradient);
    v[i] = square;
    w[i] -= rate * gradient / (ROOT(square) + epsilon);
  }
}

static void csimd_rmsprop_momentum(
    float *restrict w, const float *restrict g, float *restrict v, float *restrict b, size_t n,
    float rate, float decay, float scale, float keep, float add, float epsilon, float momentum) {
  EACH_ELEMENT {
    float gradient = scale * g[i] + decay * w[i];
    float square = keep * v[i] + add * (gradient * gradient);
    float velocity = momentum * b[i] + gradient / (ROOT(square) + epsilon);
    v[i] = square;
    b[i] = velocity;
    w[i] -= rate * velocity;
  }
}

static void csimd_adagrad(
    float *restrict w, const float *restrict g, float *restrict s, size_t n, float rate,
    float decay, float scale, float start, float epsilon) {
  EACH_ELEMENT {
    float gradient = scale * g[i] + decay * w[i];
    float sum = (s[i] + start) + gradient * gradient;
    s[i] = sum;
    w[i] -= rate * gradient / (ROOT(sum) + epsilon);
  }
}

static void csimd_adadelta(
    float *restrict w, const float *restrict g, float *restrict v, float *restrict u, size_t n,
    float rate, float decay, float scale, float keep, float add, float epsilon) {
  EACH_ELEMENT {
    float gradient = scale * g[i] + decay * w[i];
    float square = keep * v[i] + add * (gradient * gradient);
    float step = gradient * ROOT(u[i] + epsilon) / ROOT(square + epsilon);
    v[i] = square;
    u[i] = keep * u[i] + add * (step * step);
    w[i] -= rate * step;
  }
}

static void csimd_penalty(
    const float *restrict w, float *restrict g, size_t n, float l1, float twice_l2) {
  EACH_ELEMENT {
    float sign = w[i] > 0 ? 1.0f : w[i] < 0 ? -1.0f : 0.0f;
    g[i] += l1 * sign + twice_l2 * w[i];
  }
}

static void csimd_moving_average(
    float *restrict a, const float *restrict w, size_t n, float share) {
  EACH_ELEMENT a[i] += share * (w[i] - a[i]);
}
