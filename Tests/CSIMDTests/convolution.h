// Windows of images as rows of a matrix.
#pragma once
#include "references.h"

// Height, width and channels of an image, of small kernels with what may be peculiar about each.
static const csimd_windows windows[] = {
    {5, 6, 1, 3, 3, 1, 1, 1, 1, 1, 1, 6},  {4, 9, 3, 2, 3, 2, 2, 1, 1, 0, 1, 5},  {7, 7, 17, 3, 2, 1, 3, 2, 2, 2, 1, 3},
    {3, 3, 33, 1, 1, 1, 1, 1, 1, 0, 0, 3}, {6, 5, 16, 3, 3, 1, 1, 1, 1, 1, 1, 5}, {2, 2, 4, 5, 5, 1, 1, 1, 1, 2, 2, 2},
};
static const shape one_shape[] = {{1, 1, 0}, {0, 0, 0}};

// Which number of the image stands at a place of the rows, if any.
static int64_t source_of(const csimd_windows *g, int64_t first, size_t place) {
  const int64_t i = (int64_t)place, c = i % g->channels, kx = i / g->channels % g->kernel_width;
  const int64_t ky = i / g->channels / g->kernel_width % g->kernel_height;
  const int64_t pixel = i / (g->channels * g->kernel_width * g->kernel_height);
  const int64_t y = (first + pixel / g->output_width) * g->stride_height + ky * g->dilation_height - g->padding_top;
  const int64_t x = pixel % g->output_width * g->stride_width + kx * g->dilation_width - g->padding_left;
  const bool inside = y >= 0 && y < g->input_height && x >= 0 && x < g->input_width;
  return inside ? (y * g->input_width + x) * g->channels + c : -1;
}

static void check_convolution(void) {
  const size_t kinds = sizeof windows / sizeof *windows;
  const int64_t first = 1, last = 3;
  CHECK_ON(one_shape, convolution, windows_to_rows) {
    tolerance = 0;
    EACH(w, kinds) {
      const csimd_windows *g = windows + w;
      const size_t taps = (size_t)(g->kernel_height * g->kernel_width * g->channels);
      const size_t size = (size_t)((last - first) * g->output_width) * taps;
      float *image = numbers((size_t)(g->input_height * g->input_width * g->channels)), *y = room(size);
      kernel(image, g, first, last, y);
      EACH(i, size) {
        const int64_t from = source_of(g, first, i);
        expect(i, y[i], from < 0 ? 0 : image[from], 0);
      }
      release();
    }
  }
  CHECK_ON(one_shape, convolution, add_rows_to_windows) {
    EACH(w, kinds) {
      const csimd_windows *g = windows + w;
      const size_t taps = (size_t)(g->kernel_height * g->kernel_width * g->channels);
      const size_t size = (size_t)((last - first) * g->output_width) * taps;
      const size_t pixels = (size_t)(g->input_height * g->input_width * g->channels);
      float *x = numbers(size), *image = numbers(pixels);
      double *sum = exact(image, pixels), *terms = doubles(pixels);
      EACH(p, pixels) terms[p] = fabs(sum[p]);
      EACH(i, size) {
        const int64_t to = source_of(g, first, i);
        if (to >= 0) sum[to] += x[i], terms[to] += fabsf(x[i]);
      }
      kernel(x, g, first, last, image);
      EACH(p, pixels) expect(p, image[p], sum[p], terms[p]);
      release();
    }
  }
}
