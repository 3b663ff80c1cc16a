#include "clones.h"
#include "csimd_training.h"

CLONES void csimd_scatter_add(
    const float *dy, const float *tokens, size_t count, size_t columns, size_t stride,
    float vocabulary, float *table) {
  for (size_t n = 0; n < count; n++, dy += stride) {
    // Also false for what is not a number.
    if (!(tokens[n] >= 0.0f && tokens[n] < vocabulary)) continue;
    float *row = table + (size_t)tokens[n] * stride;
    INDEPENDENT for (size_t c = 0; c < columns; c++) row[c] += dy[c];
  }
}
