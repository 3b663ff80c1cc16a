// Transforms of convolutions with 3x3 kernels.
#pragma once
#include "references.h"

// Height, width and channels of two images.
static const shape images[] = {{1, 1, 16}, {2, 2, 16}, {4, 4, 48}, {5, 7, 32}, {8, 6, 16}, {0, 0, 0}};
// Channels and filters.
static const shape kernels[] = {{16, 16, 0}, {48, 16, 0}, {32, 64, 0}, {0, 0, 0}};

static const double into_window[4][4] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
static const double out_of_tile[2][4] = {{1, 1, 1, 0}, {0, 1, -1, -1}};
static const double into_kernel[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

// Sums left[i, a] right[j, b] of what `value` gives for a and b.
#define TRANSFORM(sum, na, nb, left, right, number)                         \
  reference sum = {0, 0};                                                   \
  EACH(a, na) EACH(b, nb) {                                                 \
    const double weight = (left) * (right), summand = weight ? weight * (number) : 0; \
    plus(&sum, summand);                       \
  }

// A number of image `image`, or zero outside.
static double pixel(
    const csimd_winograd *g, const float *x, size_t image, int64_t row, int64_t column, size_t channel) {
  if (row < 0 || row >= g->height || column < 0 || column >= g->width) return 0;
  return x[(((int64_t)image * g->height + row) * g->width + column) * g->channels + (int64_t)channel];
}

// Tiles of two images, but for the first.
typedef struct {
  csimd_winograd g;
  size_t tiles, first, count, step, image_size;
} tiling;

static tiling tiling_of(int64_t tile_rows, int64_t tile_columns, int64_t top, int64_t left) {
  const size_t tiles = (size_t)(tile_rows * tile_columns), first = tiles > 1, count = 2 * tiles - first;
  return (tiling){
      {(int64_t)rows, (int64_t)columns, (int64_t)depth, tile_rows, tile_columns, top, left},
      tiles, first, count, count * depth + (in_place ? 16 : 0), rows * columns * depth};
}

// Runs a block for each number of the transformed tiles: number (i, j) of channel `c`, which stands at `at`.
#define EACH_TRANSFORMED(t)                                                                      \
  EACH(tile, t.count) EACH(c, depth) EACH(i, 4) EACH(j, 4)                                       \
    for (size_t at = (4 * i + j) * t.step + tile * depth + c, image = (t.first + tile) / t.tiles, \
         place = (t.first + tile) % t.tiles, once = 1; once; once = 0)
#define TILE_ROW(t) (2 * ((int64_t)place / t.g.tile_columns))
#define TILE_COLUMN(t) (2 * ((int64_t)place % t.g.tile_columns))

static void check_winograd(void) {
  CHECK_ON(images, winograd, winograd_windows) {
    const int64_t top = given ? 1 : 0, left = also_given ? 1 : 2;
    const tiling t = tiling_of(((int64_t)rows + 1) / 2, ((int64_t)columns + 1) / 2, top, left);
    float *x = numbers(2 * t.image_size), *v = room(15 * t.step + t.count * depth);
    kernel(&t.g, x, (int64_t)t.first, (int64_t)t.count, v, (int64_t)t.step);
    EACH_TRANSFORMED(t) {
      const int64_t y0 = TILE_ROW(t) - top, x0 = TILE_COLUMN(t) - left;
      TRANSFORM(
          sum, 4, 4, into_window[i][a], into_window[j][b],
          pixel(&t.g, x, image, y0 + (int64_t)a, x0 + (int64_t)b, c))
      expect(at, v[at], sum.value, sum.terms);
    }
  }
  CHECK_ON(images, winograd, winograd_gradients) {
    const tiling t = tiling_of(((int64_t)rows + 1) / 2, ((int64_t)columns + 1) / 2, 1, 1);
    float *dy = numbers(2 * t.image_size), *v = room(15 * t.step + t.count * depth);
    kernel(&t.g, dy, (int64_t)t.first, (int64_t)t.count, v, (int64_t)t.step);
    EACH_TRANSFORMED(t) {
      TRANSFORM(
          sum, 2, 2, out_of_tile[a][i], out_of_tile[b][j],
          pixel(&t.g, dy, image, TILE_ROW(t) + (int64_t)a, TILE_COLUMN(t) + (int64_t)b, c))
      expect(at, v[at], sum.value, sum.terms);
    }
  }
  CHECK_ON(images, winograd, winograd_outputs) {
    const tiling t = tiling_of(((int64_t)rows + 1) / 2, ((int64_t)columns + 1) / 2, 1, 1);
    float *m = numbers(15 * t.step + t.count * depth), *bias = given ? numbers(depth) : NULL;
    float *y = numbers(2 * t.image_size);
    const double *old = exact(y, 2 * t.image_size);
    kernel(&t.g, m, (int64_t)t.step, (int64_t)t.first, (int64_t)t.count, bias, accumulate, y);
    EACH(at, 2 * t.image_size) {
      const size_t c = at % depth, column = at / depth % columns, row = at / depth / columns % rows;
      const size_t tile = at / t.image_size * t.tiles + row / 2 * (size_t)t.g.tile_columns + column / 2;
      // The pixels of the tile that was left out stay.
      if (tile < t.first) {
        expect(at, y[at], old[at], 0);
        continue;
      }
      TRANSFORM(
          sum, 4, 4, out_of_tile[row % 2][a], out_of_tile[column % 2][b],
          m[(4 * a + b) * t.step + (tile - t.first) * depth + c])
      const double start = (accumulate ? old[at] : 0) + (bias ? bias[c] : 0);
      expect(at, y[at], start + sum.value, 4 + sum.terms);
    }
  }
  CHECK_ON(kernels, winograd, winograd_kernel) {
    const size_t first = rows > 16 ? 16 : 0, count = rows - first, tap = rows * columns;
    float *w = numbers(9 * tap), *u = numbers(16 * tap);
    const double *old = exact(u, 16 * tap);
    kernel(w, (int64_t)rows, (int64_t)columns, (int64_t)first, (int64_t)count, given, u);
    EACH(i, 4) EACH(j, 4) EACH(c, rows) EACH(f, columns) {
      const size_t at = (4 * i + j) * tap + (given ? f * rows + c : c * columns + f);
      TRANSFORM(
          sum, 3, 3, into_kernel[i][a], into_kernel[j][b],
          w[(given ? 3 * (2 - a) + 2 - b : 3 * a + b) * tap + c * columns + f])
      expect(at, u[at], c < first ? old[at] : sum.value, sum.terms);
    }
  }
  CHECK_ON(kernels, winograd, winograd_kernel_gradient) {
    const size_t tap = rows * columns;
    float *u = numbers(16 * tap), *dw = room(9 * tap);
    kernel(u, (int64_t)rows, (int64_t)columns, dw);
    EACH(i, 3) EACH(j, 3) EACH(place, tap) {
      TRANSFORM(sum, 4, 4, into_kernel[a][i], into_kernel[b][j], u[(4 * a + b) * tap + place])
      expect((3 * i + j) * tap + place, dw[(3 * i + j) * tap + place], sum.value, sum.terms);
    }
  }
}
