#include "CImages.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/// The bytes of a file that are still to be read.
typedef struct {
  const uint8_t *next;
  size_t left;
} Source;

/// The bytes of a file that were written.
typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
} Sink;

static void fail(png_structp png, png_const_charp message) {
  CImage *image = png_get_error_ptr(png);
  strncpy(image->message, message, sizeof image->message - 1);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void take(png_structp png, png_bytep bytes, size_t count) {
  Source *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "the file is cut short");
  memcpy(bytes, source->next, count);
  source->next += count;
  source->left -= count;
}

static void give(png_structp png, png_bytep bytes, size_t count) {
  Sink *sink = png_get_io_ptr(png);
  if (sink->capacity - sink->count < count) {
    size_t capacity = 2 * sink->capacity + count;
    uint8_t *grown = realloc(sink->bytes, capacity);
    if (!grown) png_error(png, "no memory");
    sink->bytes = grown;
    sink->capacity = capacity;
  }
  memcpy(sink->bytes + sink->count, bytes, count);
  sink->count += count;
}

static void flush(png_structp png) { (void)png; }

/// Reads the chunks before the pixels and sets how these are to be changed.
static void read_header(png_structp png, png_infop info, CImage *image) {
  png_read_info(png, info);
  image->width = png_get_image_width(png, info);
  image->height = png_get_image_height(png, info);
  image->bits = (uint32_t)png_get_bit_depth(png, info) * png_get_channels(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  image->channels = png_get_channels(png, info);
}

static void read_pixels(png_structp png, png_infop info, const CImage *image, uint8_t *pixels) {
  const size_t row = png_get_rowbytes(png, info);
  if (row != (size_t)image->width * image->channels) png_error(png, "rows of an unknown form");
  // An interlaced image comes in seven passes, each of which fills in pixels of the rows of the passes before.
  const int passes = png_get_interlace_type(png, info) == PNG_INTERLACE_NONE ? 1 : 7;
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < image->height; y++) png_read_row(png, pixels + y * row, NULL);
  png_read_end(png, NULL);
}

static int read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels) {
  Source source = {bytes, count};
  strcpy(image->message, "no memory");
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, image, fail, ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_read_fn(png, &source, take);
  if (pixels) {
    // The memory is as large as the caller knows the image to be.
    const CImage known = *image;
    read_header(png, info, image);
    if (image->width != known.width || image->height != known.height ||
        image->channels != known.channels)
      png_error(png, "another header than before");
    read_pixels(png, info, image, pixels);
  } else {
    read_header(png, info, image);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

int cimages_png_header(const uint8_t *bytes, size_t count, CImage *image) {
  return read(bytes, count, image, NULL);
}

int cimages_png_read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels) {
  return read(bytes, count, image, pixels);
}

int cimages_png_write(const uint8_t *pixels, CImage *image, uint8_t **bytes, size_t *count) {
  static const int colours[] = {
      PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  Sink sink = {NULL, 0, 0};
  strcpy(image->message, "no memory");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, image, fail, ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(sink.bytes);
    return 0;
  }
  png_set_write_fn(png, &sink, give, flush);
  png_set_IHDR(
      png, info, image->width, image->height, 8, colours[image->channels - 1], PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const size_t row = (size_t)image->width * image->channels;
  for (uint32_t y = 0; y < image->height; y++) png_write_row(png, pixels + y * row);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *bytes = sink.bytes;
  *count = sink.count;
  return 1;
}
