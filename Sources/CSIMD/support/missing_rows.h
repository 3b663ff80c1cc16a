// Rows that may be missing, and then count as zeros.
#pragma once

// Units that are computed at a time where a row may be missing.
#define UNITS 128

static const float zeros[UNITS];

// A row from its unit `start` on, readable for UNITS units where it is missing.
//
// Choosing once is not only shorter: vector code that chooses in the loop reads the missing row under a mask that is zero,
// and a null pointer under a mask takes the processor hundreds of cycles.
INLINE const float *row_or_zeros(const float *row, size_t start) {
  return row ? row + start : zeros;
}
