// The copies of a convolution over one image [H, W, C]: windows laid out as rows of a matrix, and back.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int64_t input_height, input_width, channels;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;
  int64_t padding_top, padding_left;
  int64_t output_width;
} csimd_windows;

typedef struct {
  // For the output rows first..<last of an image: one row of `columns` for each output pixel, its window in the order
  // [kernel row, kernel column, channel], zero outside the image.
  void (*windows_to_rows)(
      const float *image, const csimd_windows *g, int64_t first, int64_t last, float *columns);
  // Adds such rows to the pixels that they came from.
  void (*add_rows_to_windows)(
      const float *columns, const csimd_windows *g, int64_t first, int64_t last, float *image);
} csimd_convolution_kernels;
