#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
// jpeglib.h needs what stdio.h declares.
#include <jerror.h>
#include <jpeglib.h>
#include <string.h>

/// libjpeg's own writers make at most 10 scans; a file of thousands, each over the whole image, only costs time.
enum { MAXIMUM_SCANS = 100 };

/// libjpeg's error handler, with the way out of it.
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf way_out;
  CImage *image;
} Handler;

static void fail(j_common_ptr jpeg) {
  Handler *handler = (Handler *)jpeg->err;
  char text[JMSG_LENGTH_MAX];
  handler->base.format_message(jpeg, text);
  strncpy(handler->image->message, text, sizeof handler->image->message - 1);
  longjmp(handler->way_out, 1);
}

/// Warnings come at level -1. Those after which libjpeg would make up pixels are errors here.
static void judge(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_JPEG_EOF:
  case JWRN_MUST_RESYNC:
  case JWRN_NOT_SEQUENTIAL:
  case JWRN_TOO_MUCH_DATA: fail(jpeg);
  }
}

static void print_nothing(j_common_ptr jpeg) { (void)jpeg; }

static void count_scans(j_common_ptr jpeg) {
  if (((j_decompress_ptr)jpeg)->input_scan_number <= MAXIMUM_SCANS) return;
  Handler *handler = (Handler *)jpeg->err;
  snprintf(
      handler->image->message, sizeof handler->image->message, "the file has more than %d scans",
      MAXIMUM_SCANS);
  longjmp(handler->way_out, 1);
}

static void read_header(j_decompress_ptr jpeg, CImage *image) {
  jpeg_read_header(jpeg, TRUE);
  if (jpeg->num_components != 1 && jpeg->num_components != 3 && jpeg->num_components != 4) {
    Handler *handler = (Handler *)jpeg->err;
    snprintf(
        image->message, sizeof image->message,
        "expected a grey, an RGB or a CMYK image, got %d channels", jpeg->num_components);
    longjmp(handler->way_out, 1);
  }
  image->width = jpeg->image_width;
  image->height = jpeg->image_height;
  image->bits = (uint32_t)(jpeg->data_precision * jpeg->num_components);
  switch (jpeg->num_components) {
  case 1: jpeg->out_color_space = JCS_GRAYSCALE; break;
  case 3: jpeg->out_color_space = JCS_RGB; break;
  // libjpeg makes CMYK of YCCK, but no RGB of either.
  default: jpeg->out_color_space = JCS_CMYK;
  }
  image->channels = jpeg->num_components == 1 ? 1 : 3;
}

/// a b / 255, rounded to the nearest.
static uint8_t product(uint8_t a, uint8_t b) {
  const uint32_t sum = (uint32_t)a * b + 128;
  return (uint8_t)((sum + (sum >> 8)) >> 8);
}

/// R = (1 - C)(1 - K), G = (1 - M)(1 - K), B = (1 - Y)(1 - K) of a row of CMYK, all from 0 to 1 as 0 to 255. Programs
/// that write the Adobe marker store 1 - C, 1 - M, 1 - Y and 1 - K.
static void make_rgb(const JSAMPLE *inks, size_t width, boolean is_inverted, uint8_t *rgb) {
  const uint8_t flip = is_inverted ? 0 : 255;
  for (size_t pixel = 0; pixel < width; pixel++, inks += 4, rgb += 3)
    for (int i = 0; i < 3; i++) rgb[i] = product(inks[i] ^ flip, inks[3] ^ flip);
}

static int read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels) {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
  Handler handler = {.image = image};
  memset(&jpeg, 0, sizeof jpeg);
  jpeg.err = jpeg_std_error(&handler.base);
  handler.base.error_exit = fail;
  handler.base.emit_message = judge;
  handler.base.output_message = print_nothing;
  if (setjmp(handler.way_out)) {
    jpeg_destroy_decompress(&jpeg);
    return 0;
  }
  jpeg_create_decompress(&jpeg);
  jpeg.progress = &progress;
  jpeg_mem_src(&jpeg, bytes, count);
  const CImage known = *image;
  read_header(&jpeg, image);
  if (pixels) {
    // The memory is as large as the caller knows the image to be.
    if (image->width != known.width || image->height != known.height ||
        image->channels != known.channels)
      ERREXIT(&jpeg, JERR_BAD_STATE);
    jpeg_start_decompress(&jpeg);
    const size_t row = (size_t)image->width * image->channels;
    const JSAMPARRAY inks = jpeg.out_color_space == JCS_CMYK
                                ? jpeg.mem->alloc_sarray(
                                      (j_common_ptr)&jpeg, JPOOL_IMAGE, image->width * 4, 1)
                                : NULL;
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW rows[1] = {pixels + jpeg.output_scanline * row};
      jpeg_read_scanlines(&jpeg, inks ? inks : rows, 1);
      if (inks) make_rgb(inks[0], image->width, jpeg.saw_Adobe_marker, rows[0]);
    }
    jpeg_finish_decompress(&jpeg);
  }
  jpeg_destroy_decompress(&jpeg);
  return 1;
}

int cimages_jpeg_header(const uint8_t *bytes, size_t count, CImage *image) {
  return read(bytes, count, image, NULL);
}

int cimages_jpeg_read(const uint8_t *bytes, size_t count, CImage *image, uint8_t *pixels) {
  return read(bytes, count, image, pixels);
}
