// Short runs are copied by a loop: for a few floats the call of memcpy costs more than the copy.
INLINE void copy_run(const float *from, float *to, int64_t n) {
  if (n >= 32) {
    memcpy(to, from, (size_t)n * sizeof(float));
  } else {
    for (int64_t i = 0; i < n; i++) to[i] = from[i];
  }
}

INLINE void zero_run(float *to, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] = 0;
}

// Calls INSIDE(run in the image, run in the row, length) for each part of a window that lies in the image and
// OUTSIDE(run in the row, length) for each that does not. Without dilation the taps of a kernel row lie in one run.
#define FOR_EACH_RUN(INSIDE, OUTSIDE)                                                              \
  const int64_t c = g->channels, kw = g->kernel_width;                                             \
  for (int64_t oy = first; oy < last; oy++) {                                                      \
    for (int64_t ox = 0; ox < g->output_width; ox++) {                                             \
      const int64_t x0 = ox * g->stride_width - g->padding_left;                                   \
      const bool whole = g->dilation_width == 1 && x0 >= 0 && x0 + kw <= g->input_width;           \
      for (int64_t ky = 0; ky < g->kernel_height; ky++) {                                          \
        const int64_t y = oy * g->stride_height - g->padding_top + ky * g->dilation_height;        \
        const int64_t line = y * g->input_width;                                                   \
        if (y < 0 || y >= g->input_height) {                                                       \
          OUTSIDE(columns, kw *c);                                                                 \
          columns += kw * c;                                                                       \
        } else if (whole) {                                                                        \
          INSIDE(image + (line + x0) * c, columns, kw * c);                                        \
          columns += kw * c;                                                                       \
        } else {                                                                                   \
          for (int64_t kx = 0; kx < kw; kx++, columns += c) {                                      \
            const int64_t x = x0 + kx * g->dilation_width;                                         \
            if (x < 0 || x >= g->input_width) {                                                    \
              OUTSIDE(columns, c);                                                                 \
            } else {                                                                               \
              INSIDE(image + (line + x) * c, columns, c);                                          \
            }                                                                                      \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  }

static void csimd_windows_to_rows(
    const float *image, const csimd_windows *g, int64_t first, int64_t last, float *columns) {
  FOR_EACH_RUN(copy_run, zero_run)
}

INLINE void add_run(float *to, const float *from, int64_t n) {
  INDEPENDENT for (int64_t i = 0; i < n; i++) to[i] += from[i];
}

#define IGNORE(run, n) (void)0

static void csimd_add_rows_to_windows(
    const float *columns, const csimd_windows *g, int64_t first, int64_t last, float *image) {
  FOR_EACH_RUN(add_run, IGNORE)
}
