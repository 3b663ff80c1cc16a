// Which vectors the kernels are compiled for: every kernel exists once for each level, and those of one level are in
// use.
#pragma once
#include "csimd_kernels.h"

// From narrow to wide.
typedef enum {
  // SSE2 on x86-64, Neon on arm64: vectors of 4 numbers.
  csimd_level_baseline,
  // x86-64-v3, AVX2 and FMA: vectors of 8 numbers.
  csimd_level_v3,
  // x86-64-v4, AVX-512: vectors of 16 numbers.
  csimd_level_v4,
} csimd_level;

// What people call it: `baseline`, `v3`, `v4`.
const char *csimd_level_name(csimd_level level);

// The widest that this processor has.
csimd_level csimd_widest_level(void);

// The one in use: from the beginning of the program on the one that the environment variable DLCLI_VECTORS names, and
// the widest where it names none that this processor has.
csimd_level csimd_level_in_use(void);

// Takes another level, no wider than the widest. No kernel may run meanwhile.
void csimd_use_level(csimd_level level);

// The kernels of a level that this processor has.
const csimd_kernels *csimd_kernels_of(csimd_level level);

// The kernels in use; set by csimd_use_level alone.
extern const csimd_kernels *csimd_current_kernels;

static inline const csimd_kernels *csimd_kernels_in_use(void) { return csimd_current_kernels; }
