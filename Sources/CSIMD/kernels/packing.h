// How the sides of a product are laid out so that tiles read them from end to end.
// How many rows of B are fetched before they are packed.
#define AHEAD 16

// Rows of B, of which the last vector has `last` columns.
INLINE void pack_rows(
    const int vectors, const bool whole, const float *b, int64_t ldb, const float *list,
    int64_t depth, part last, float *packed) {
  for (int64_t p = 0; p < depth; p++, packed += STRIPE) {
    const float *row = b + (list ? (int64_t)list[p] : p) * ldb;
    // The processor does not foresee rows that lie pages apart.
    __builtin_prefetch(row + AHEAD * ldb, 0, 3);
    __builtin_prefetch(row + AHEAD * ldb + STRIPE - 1, 0, 3);
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *from = row + v * WIDTH;
      store(packed + v * WIDTH, v + 1 < vectors || whole ? load(from) : load_part(from, last));
    }
  }
}

// packed[p, 0..<STRIPE] = op(B)[p, 0..<columns], or row list[p], with zeros up to a whole vector of columns.
static void pack(
    const float *b, int64_t ldb, bool transposed, const float *list, int64_t depth,
    int64_t columns, float *packed) {
  if (!transposed) {
    const part last = part_of(columns > WIDTH ? columns - WIDTH : columns);
    if (columns == STRIPE) {
      pack_rows(2, true, b, ldb, list, depth, last, packed);
    } else if (columns > WIDTH) {
      pack_rows(2, false, b, ldb, list, depth, last, packed);
    } else {
      pack_rows(1, false, b, ldb, list, depth, last, packed);
    }
    return;
  }
  for (int64_t first = 0; first < columns; first += WIDTH) {
    const int64_t rows = smaller(columns - first, WIDTH);
    const float *from = b + first * ldb;
    for (int64_t p = 0; p < depth; p += WIDTH) {
      const part some = part_of(depth - p);
      vector block[WIDTH];
      UNROLL for (int i = 0; i < WIDTH; i++) {
        // Not by an empty part: beyond the matrix that may be slow.
        block[i] = i < rows ? load_part(from + i * ldb + p, some) : splat(0);
      }
      turn_block(block);
      UNROLL for (int i = 0; i < WIDTH; i++) {
        if (p + i < depth) store(packed + (p + i) * STRIPE + first, block[i]);
      }
    }
  }
}

static void csimd_pack(
    const float *b, int64_t ldb, bool transposed, int64_t k, int64_t n, float *packed) {
  for (int64_t j = 0; j < n; j += STRIPE, packed += k * STRIPE) {
    const int64_t columns = smaller(n - j, STRIPE);
    pack(transposed ? b + j * ldb : b + j, ldb, transposed, 0, k, columns, packed);
  }
}

#if PACKS_A
// How many rows of A are fetched before they are packed, where rows are steps.
#define A_AHEAD 8
// Numbers of a cache line.
#define LINE 16
// The rows of a tile in whole vectors.
#define WHOLE_ROWS ((TILE_ROWS + WIDTH - 1) / WIDTH * WIDTH)

// packed[tile][p, 0..<rows of the tile] = A[p, first row of the tile...], or of step list[p], for steps that lie apart
// and rows side by side; behind the last step WHOLE_ROWS more may be written.
static void pack_a_along_rows(
    const csimd_operand *a, const float *list, int64_t m, float *packed) {
  const int64_t depth = a->length;
  for (int64_t p = 0; p < depth; p++) {
    const float *from = a->a + (list ? (int64_t)list[p] : p) * a->step;
    for (int64_t r = 0; r < m; r += LINE) {
      __builtin_prefetch(from + A_AHEAD * a->step + r, 0, 3);
    }
    int64_t r = 0;
    // Whole vectors also write over the beginning of the next step, which is written later; so not at the last one.
    for (; p + 1 < depth && r + WHOLE_ROWS <= m; r += TILE_ROWS) {
      UNROLL for (int v = 0; v < WHOLE_ROWS; v += WIDTH) {
        store(packed + r * depth + p * TILE_ROWS + v, load(from + r + v));
      }
    }
    for (; r < m; r += TILE_ROWS) {
      const int64_t rows = smaller(TILE_ROWS, m - r);
      for (int64_t i = 0; i < rows; i++) packed[r * depth + p * rows + i] = from[r + i];
    }
  }
}

// The same for steps that lie side by side and rows that lie apart.
static void pack_a_along_steps(const csimd_operand *a, int64_t m, float *packed) {
  const int64_t depth = a->length, row = a->row_step;
  for (int64_t r = 0; r < m; r += TILE_ROWS) {
    const int64_t rows = smaller(TILE_ROWS, m - r);
    const float *from = a->a + r * row;
    float *to = packed + r * depth;
    int64_t p = 0;
#if TILE_ROWS <= WIDTH
    for (; rows == TILE_ROWS && p + WIDTH <= depth; p += WIDTH) {
      vector block[WIDTH];
      UNROLL for (int i = 0; i < WIDTH; i++) {
        block[i] = i < TILE_ROWS ? load(from + i * row + p) : splat(0);
      }
      turn_block(block);
      UNROLL for (int i = 0; i < WIDTH; i++) store(to + (p + i) * TILE_ROWS, block[i]);
    }
#endif
    for (; p < depth; p++) {
      for (int64_t i = 0; i < rows; i++) to[p * rows + i] = from[i * row + p];
    }
  }
}
#endif
