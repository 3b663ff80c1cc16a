// Sixteen numbers at a time, for kernels that keep some of them in registers from row to row.
#pragma once

#define LANES 16

typedef float lanes __attribute__((ext_vector_type(LANES)));
typedef int lane_mask __attribute__((ext_vector_type(LANES)));
typedef float unaligned_lanes __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

// Those in memory. No function could take or return them: how depends on the processor it is compiled for.
#define LANES_AT(pointer) (*(unaligned_lanes *)(pointer))

// Calls `strip(vectors, first, ...)` for columns from `first` on, 64 at a time and then 32 and 16, and leaves `first` at
// those that fill no vector. A strip is taken down all rows; of a wide one a row is some cache lines, as fetching ahead
// wants it.
#define FOR_EACH_STRIP(strip, first, columns, ...)           \
  for (; first + 4 * LANES <= columns; first += 4 * LANES) { \
    strip(4, first, __VA_ARGS__);                            \
  }                                                          \
  if (first + 2 * LANES <= columns) {                        \
    strip(2, first, __VA_ARGS__);                            \
    first += 2 * LANES;                                      \
  }                                                          \
  if (first + LANES <= columns) {                            \
    strip(1, first, __VA_ARGS__);                            \
    first += LANES;                                          \
  }
