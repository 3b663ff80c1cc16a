static void csimd_take_greater(const float *x, float tap, float *y, float *index, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) {
    // What is not a number is taken, so that it is seen.
    bool greater = x[i] > y[i] || x[i] != x[i];
    y[i] = greater ? x[i] : y[i];
    index[i] = greater ? tap : index[i];
  }
}

static void csimd_add_where(
    const float *dy, const float *index, float tap, float *dx, size_t n) {
  INDEPENDENT for (size_t i = 0; i < n; i++) dx[i] += index[i] == tap ? dy[i] : 0.0f;
}

// Channels are taken 16 at a time, and the few that fill no vector by themselves.
static void csimd_max_pool_2x2(
    const float *row0, const float *row1, size_t width, size_t channels, float *restrict y,
    float *restrict index) {
  const size_t whole = channels / LANES * LANES;
  for (size_t x = 0; x < width; x++, y += channels, index += channels) {
    const float *a = row0 + 2 * x * channels, *b = a + channels;
    const float *c = row1 + 2 * x * channels, *d = c + channels;
    for (size_t i = 0; i < whole; i += LANES) {
      lanes best = LANES_AT(a + i), tap = 0, next = LANES_AT(b + i);
      lane_mask greater = next > best | next != next;
      best = greater ? next : best, tap = greater ? (lanes)1 : tap;
      next = LANES_AT(c + i), greater = next > best | next != next;
      best = greater ? next : best, tap = greater ? (lanes)2 : tap;
      next = LANES_AT(d + i), greater = next > best | next != next;
      LANES_AT(y + i) = greater ? next : best;
      LANES_AT(index + i) = greater ? (lanes)3 : tap;
    }
    if (whole == channels) continue;
    INDEPENDENT for (size_t i = whole; i < channels; i++) {
      float best = a[i], tap = 0;
      bool greater = b[i] > best || b[i] != b[i];
      best = greater ? b[i] : best, tap = greater ? 1.0f : tap;
      greater = c[i] > best || c[i] != c[i];
      best = greater ? c[i] : best, tap = greater ? 2.0f : tap;
      greater = d[i] > best || d[i] != d[i];
      y[i] = greater ? d[i] : best, index[i] = greater ? 3.0f : tap;
    }
  }
}

// The gradients of `pixels` pixels beside one another, at most two, that lie in one window.
INLINE void window_gradient(
    const float *dy, const float *index, float tap, const int pixels, size_t channels, float *dx) {
  const size_t whole = channels / LANES * LANES;
  for (size_t i = 0; i < whole; i += LANES) {
    lanes at = LANES_AT(index + i), g = LANES_AT(dy + i);
    UNROLL for (int p = 0; p < pixels; p++) {
      lane_mask own = at == tap + (float)p;
      LANES_AT(dx + p * channels + i) = own ? g : (lanes)0;
    }
  }
  if (whole == channels) return;
  for (int p = 0; p < pixels; p++) {
    INDEPENDENT for (size_t i = whole; i < channels; i++) {
      dx[p * channels + i] = index[i] == tap + (float)p ? dy[i] : 0.0f;
    }
  }
}

static void csimd_max_pool_2x2_backward(
    const float *dy, const float *index, float tap, size_t column, size_t count, size_t channels,
    float *restrict dx) {
  const size_t end = column + count;
  size_t x = column;
  dy += x / 2 * channels, index += x / 2 * channels;
  if (x % 2 && x < end) {
    window_gradient(dy, index, tap + 1.0f, 1, channels, dx);
    dy += channels, index += channels, dx += channels, x++;
  }
  for (; x + 2 <= end; x += 2, dy += channels, index += channels, dx += 2 * channels) {
    window_gradient(dy, index, tap, 2, channels, dx);
  }
  if (x < end) window_gradient(dy, index, tap, 1, channels, dx);
}

static void csimd_average_pool_2x2(
    const float *row0, const float *row1, size_t width, size_t channels, float *restrict y) {
  for (size_t x = 0; x < width; x++, row0 += 2 * channels, row1 += 2 * channels, y += channels) {
    const float *b = row0 + channels, *d = row1 + channels;
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      y[i] = 0.25f * ((row0[i] + b[i]) + (row1[i] + d[i]));
    }
  }
}

static void csimd_average_pool_2x2_backward(
    const float *dy, size_t width, size_t channels, float *restrict row0, float *restrict row1) {
  for (size_t x = 0; x < width; x++, row0 += 2 * channels, row1 += 2 * channels, dy += channels) {
    INDEPENDENT for (size_t i = 0; i < channels; i++) {
      float share = 0.25f * dy[i];
      row0[i] = share, row0[channels + i] = share;
      row1[i] = share, row1[channels + i] = share;
    }
  }
}
