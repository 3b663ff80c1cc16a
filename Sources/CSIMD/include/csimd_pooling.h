// Vector kernels of pooling over images [H, W, C].
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  // Where it is greater, takes `x` into the maximum `y` and `tap` into `index`; the first of equal ones stays.
  void (*take_greater)(const float *x, float tap, float *y, float *index, size_t n);
  // dx[i] += dy[i] where index[i] is `tap`.
  void (*add_where)(const float *dy, const float *index, float tap, float *dx, size_t n);
  // The maxima of 2 x 2 windows that lie side by side: `width` outputs of `channels` each from two rows of an image.
  void (*max_pool_2x2)(
      const float *row0, const float *row1, size_t width, size_t channels, float *y, float *index);
  // Its gradient for `count` pixels from `column` on of a row of the image; `dy` and `index` begin with the row's first
  // window, of which the row has tap 0 and 1 or, the lower one, 2 and 3.
  void (*max_pool_2x2_backward)(
      const float *dy, const float *index, float tap, size_t column, size_t count, size_t channels,
      float *dx);
  // The means of 2 x 2 windows over two rows, and what each of their pixels gets of the gradient.
  void (*average_pool_2x2)(
      const float *row0, const float *row1, size_t width, size_t channels, float *y);
  void (*average_pool_2x2_backward)(
      const float *dy, size_t width, size_t channels, float *row0, float *row1);
} csimd_pooling_kernels;
