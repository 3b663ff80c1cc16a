static void csimd_scatter_add(
    const float *dy, const float *tokens, size_t count, size_t columns, size_t stride,
    size_t vocabulary, float *table) {
  for (size_t n = 0; n < count; n++, dy += stride) {
    // Also false for what is not a number; and no float rounds the size of the vocabulary.
    if (!(tokens[n] >= 0.0f && tokens[n] < 0x1p62f)) continue;
    size_t token = (size_t)tokens[n];
    if (token >= vocabulary) continue;
    float *row = table + token * stride;
    INDEPENDENT for (size_t c = 0; c < columns; c++) row[c] += dy[c];
  }
}
