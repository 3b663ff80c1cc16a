// Numbers of a cache line.
#define LINE 16

// Has 2x2 pixels fetched of the row of tiles below, to be read or written. Tiles go from left to right, so there is time
// until then; the processor itself foresees little of it, as each row of pixels is a short stream. What lies behind the
// last image is never touched: fetching is no access.
#define FETCH(PIXEL, WRITE)                                            \
  if (c % LINE == 0) {                                                 \
    UNROLL for (int i = 0; i < 2; i++) {                               \
      UNROLL for (int j = 0; j < 2; j++) {                             \
        __builtin_prefetch((PIXEL) + i * pitch + j * channels, WRITE); \
      }                                                                \
    }                                                                  \
  }

// Where a tile lies: its image, and its place among the image's tiles.
typedef struct {
  int64_t image, row, column;
} place;

INLINE place place_of(const csimd_winograd *g, int64_t tile) {
  const int64_t tiles = g->tile_rows * g->tile_columns, rest = tile % tiles;
  return (place){tile / tiles, rest / g->tile_columns, rest % g->tile_columns};
}

INLINE void advance(const csimd_winograd *g, place *p) {
  if (++p->column < g->tile_columns) return;
  p->column = 0;
  if (++p->row < g->tile_rows) return;
  p->row = 0;
  p->image++;
}

// Bᵀ d B of one window, whose pixels that are not inside the image are zeros.
INLINE void transform_window(
    const float *from, int64_t pitch, int64_t channels, const bool inside[4][4], float *v,
    int64_t step) {
  const vector zero = splat(0);
  for (int64_t c = 0; c < channels; c += WIDTH) {
    vector d[4][4];
    FETCH(from + 4 * pitch + channels + c, 0);
    UNROLL for (int j = 0; j < 4; j++) {
      vector r[4];
      UNROLL for (int i = 0; i < 4; i++) {
        r[i] = inside[i][j] ? load(from + i * pitch + j * channels + c) : zero;
      }
      d[0][j] = r[0] - r[2];
      d[1][j] = r[1] + r[2];
      d[2][j] = r[2] - r[1];
      d[3][j] = r[1] - r[3];
    }
    UNROLL for (int i = 0; i < 4; i++) {
      float *to = v + 4 * i * step + c;
      store(to, d[i][0] - d[i][2]);
      store(to + step, d[i][1] + d[i][2]);
      store(to + 2 * step, d[i][2] - d[i][1]);
      store(to + 3 * step, d[i][1] - d[i][3]);
    }
  }
}

static void csimd_winograd_windows(
    const csimd_winograd *g, const float *x, int64_t first, int64_t count, float *v, int64_t step) {
  // Known when compiled: most windows lie within the image, and are transformed without a question.
  static const bool whole[4][4] = {
      {true, true, true, true}, {true, true, true, true}, {true, true, true, true},
      {true, true, true, true}};
  const int64_t channels = g->channels, pitch = g->width * channels;
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, v += channels, advance(g, &p)) {
    const int64_t top = 2 * p.row - g->padding_top, left = 2 * p.column - g->padding_left;
    const float *from = x + (p.image * g->height + top) * pitch + left * channels;
    if (top >= 0 && left >= 0 && top + 4 <= g->height && left + 4 <= g->width) {
      transform_window(from, pitch, channels, whole, v, step);
      continue;
    }
    bool inside[4][4];
    UNROLL for (int i = 0; i < 4; i++) {
      UNROLL for (int j = 0; j < 4; j++) {
        inside[i][j] = top + i >= 0 && top + i < g->height && left + j >= 0 && left + j < g->width;
      }
    }
    transform_window(from, pitch, channels, inside, v, step);
  }
}

static void csimd_winograd_gradients(
    const csimd_winograd *g, const float *dy, int64_t first, int64_t count, float *v,
    int64_t step) {
  const int64_t channels = g->channels, pitch = g->width * channels;
  const vector zero = splat(0);
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, v += channels, advance(g, &p)) {
    const float *from = dy + (p.image * g->height + 2 * p.row) * pitch + 2 * p.column * channels;
    const bool below = 2 * p.row + 1 < g->height, beside = 2 * p.column + 1 < g->width;
    for (int64_t c = 0; c < channels; c += WIDTH) {
      FETCH(from + 2 * pitch + c, 0);
      const vector y00 = load(from + c);
      const vector y01 = beside ? load(from + channels + c) : zero;
      const vector y10 = below ? load(from + pitch + c) : zero;
      const vector y11 = below && beside ? load(from + pitch + channels + c) : zero;
      const vector rows[4][2] = {
          {y00, y01},
          {y00 + y10, y01 + y11},
          {y00 - y10, y01 - y11},
          {zero - y10, zero - y11}};
      UNROLL for (int i = 0; i < 4; i++) {
        float *to = v + 4 * i * step + c;
        store(to, rows[i][0]);
        store(to + step, rows[i][0] + rows[i][1]);
        store(to + 2 * step, rows[i][0] - rows[i][1]);
        store(to + 3 * step, zero - rows[i][1]);
      }
    }
  }
}

static void csimd_winograd_outputs(
    const csimd_winograd *g, const float *m, int64_t step, int64_t first, int64_t count,
    const float *bias, bool accumulate, float *y) {
  const int64_t channels = g->channels, pitch = g->width * channels;
  place p = place_of(g, first);
  for (int64_t t = 0; t < count; t++, m += channels, advance(g, &p)) {
    float *to = y + (p.image * g->height + 2 * p.row) * pitch + 2 * p.column * channels;
    const bool below = 2 * p.row + 1 < g->height, beside = 2 * p.column + 1 < g->width;
    for (int64_t c = 0; c < channels; c += WIDTH) {
      vector r[2][4];
      FETCH(to + 2 * pitch + c, 1);
      UNROLL for (int j = 0; j < 4; j++) {
        const vector m0 = load(m + j * step + c);
        const vector m1 = load(m + (4 + j) * step + c);
        const vector m2 = load(m + (8 + j) * step + c);
        const vector m3 = load(m + (12 + j) * step + c);
        r[0][j] = m0 + (m1 + m2);
        r[1][j] = m1 - (m2 + m3);
      }
      const vector start = bias ? load(bias + c) : splat(0);
      UNROLL for (int i = 0; i < 2; i++) {
        if (i && !below) continue;
        vector o0 = start + (r[i][0] + (r[i][1] + r[i][2]));
        vector o1 = start + (r[i][1] - (r[i][2] + r[i][3]));
        float *pixel = to + i * pitch + c;
        if (accumulate) o0 = o0 + load(pixel);
        store(pixel, o0);
        if (!beside) continue;
        if (accumulate) o1 = o1 + load(pixel + channels);
        store(pixel + channels, o1);
      }
    }
  }
}

// G of three vectors.
INLINE void spread(const vector g0, const vector g1, const vector g2, vector u[4]) {
  const vector half = splat(0.5f), outer = half * (g0 + g2);
  u[0] = g0;
  u[1] = multiply_add(half, g1, outer);
  u[2] = multiply_add(-half, g1, outer);
  u[3] = g2;
}

// Gᵀ of four vectors.
INLINE void gather(const vector u0, const vector u1, const vector u2, const vector u3, vector g[3]) {
  const vector half = splat(0.5f), middle = half * (u1 + u2);
  g[0] = u0 + middle;
  g[1] = half * (u1 - u2);
  g[2] = middle + u3;
}

static void csimd_winograd_kernel(
    const float *kernel, int64_t channels, int64_t filters, int64_t first, int64_t count,
    bool turned, float *u) {
  const int64_t tap = channels * filters;
  for (int64_t c = first; c < first + count; c += WIDTH) {
    for (int64_t f = 0; f < filters; f += WIDTH) {
      vector block[16][WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        const float *from = kernel + (c + i) * filters + f;
        vector columns[3][4];
        UNROLL for (int b = 0; b < 3; b++) {
          vector g[3];
          UNROLL for (int a = 0; a < 3; a++) {
            g[a] = load(from + (turned ? 8 - (3 * a + b) : 3 * a + b) * tap);
          }
          spread(g[0], g[1], g[2], columns[b]);
        }
        UNROLL for (int a = 0; a < 4; a++) {
          vector row[4];
          spread(columns[0][a], columns[1][a], columns[2][a], row);
          UNROLL for (int b = 0; b < 4; b++) block[4 * a + b][i] = row[b];
        }
      }
      for (int xi = 0; xi < 16; xi++) {
        float *to = u + xi * tap + (turned ? f * channels + c : c * filters + f);
        if (turned) turn_block(block[xi]);
        for (int i = 0; i < WIDTH; i++) {
          store(to + i * (turned ? channels : filters), block[xi][i]);
        }
      }
    }
  }
}

static void csimd_winograd_kernel_gradient(
    const float *u, int64_t channels, int64_t filters, float *dkernel) {
  const int64_t tap = channels * filters;
  for (int64_t i = 0; i < tap; i += WIDTH) {
    vector rows[3][4];
    UNROLL for (int b = 0; b < 4; b++) {
      vector g[3];
      gather(
          load(u + b * tap + i), load(u + (4 + b) * tap + i),
          load(u + (8 + b) * tap + i), load(u + (12 + b) * tap + i), g);
      UNROLL for (int a = 0; a < 3; a++) rows[a][b] = g[a];
    }
    UNROLL for (int a = 0; a < 3; a++) {
      vector g[3];
      gather(rows[a][0], rows[a][1], rows[a][2], rows[a][3], g);
      UNROLL for (int b = 0; b < 3; b++) store(dkernel + (3 * a + b) * tap + i, g[b]);
    }
  }
}

