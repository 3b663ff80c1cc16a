static void csimd_transpose(
    const float *x, size_t from, size_t rows, size_t columns, float scale, float *y, size_t to) {
  const vector factor = splat(scale);
  for (size_t c = 0; c < columns; c += WIDTH) {
    for (size_t r = 0; r < to; r += WIDTH) {
      const part some = part_of((int64_t)(columns - c)), stored = part_of((int64_t)(to - r));
      vector block[WIDTH];
      UNROLL for (size_t i = 0; i < WIDTH; i++) {
        block[i] = r + i < rows ? load_part(x + (r + i) * from + c, some) : splat(0);
      }
      turn_block(block);
      UNROLL for (size_t i = 0; i < WIDTH; i++) {
        if (c + i < columns) store_part(y + (c + i) * to + r, stored, factor * block[i]);
      }
    }
  }
}
