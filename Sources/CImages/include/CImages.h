#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

// libpng and libjpeg report a broken file by a jump out of their functions, which Swift code must not be jumped over.
// These functions catch it, and return 1 where all went well and 0 where `message` says what did not.

/// What the header of a file declares, or what is wrong with the file.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// How many bytes a pixel has once it is read: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  uint32_t channels;
  /// How many bits a pixel has in the file.
  uint32_t bits;
  char message[256];
} CImage;

/// Reads the header of a PNG file.
int cimages_png_header(const uint8_t *bytes, size_t count, CImage *image);

/// Reads a whole PNG file into width · height · channels bytes, row after row; palettes become RGB, transparent
/// colours alpha, and samples of 1, 2, 4 and 16 bits 8 bits. `image` is as cimages_png_header left it.
int cimages_png_read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels);

/// Writes a PNG file of 8 bits a sample into new memory, which the caller frees.
int cimages_png_write(const uint8_t *pixels, CImage *image, uint8_t **bytes, size_t *count);

/// Reads the header of a JPEG file; `bits` counts those of the unpacked samples.
int cimages_jpeg_header(const uint8_t *bytes, size_t count, CImage *image);

/// Reads a whole JPEG file, grey or RGB, into width · height · channels bytes, row after row; CMYK and YCCK become RGB.
/// `image` is as cimages_jpeg_header left it.
int cimages_jpeg_read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels);

#endif
