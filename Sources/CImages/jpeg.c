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
  if (jpeg->num_components != 1 && jpeg->num_components != 3) {
    Handler *handler = (Handler *)jpeg->err;
    snprintf(
        image->message, sizeof image->message, "expected a grey or an RGB image, got %d channels",
        jpeg->num_components);
    longjmp(handler->way_out, 1);
  }
  image->width = jpeg->image_width;
  image->height = jpeg->image_height;
  image->bits = (uint32_t)(jpeg->data_precision * jpeg->num_components);
  jpeg->out_color_space = jpeg->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  image->channels = jpeg->num_components == 1 ? 1 : 3;
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
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW rows[1] = {pixels + jpeg.output_scanline * row};
      jpeg_read_scanlines(&jpeg, rows, 1);
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
