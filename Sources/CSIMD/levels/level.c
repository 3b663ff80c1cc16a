#include "csimd_level.h"
#include <stdlib.h>
#include <string.h>

extern const csimd_kernels csimd_baseline_kernels;
#if defined(__x86_64__)
extern const csimd_kernels csimd_v3_kernels, csimd_v4_kernels;
#endif

const csimd_kernels *csimd_current_kernels = &csimd_baseline_kernels;

static csimd_level level_in_use = csimd_level_baseline;

const char *csimd_level_name(csimd_level level) {
  static const char *const names[] = {"baseline", "v3", "v4"};
  return names[level];
}

csimd_level csimd_widest_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return csimd_level_v4;
  if (__builtin_cpu_supports("x86-64-v3")) return csimd_level_v3;
#endif
  return csimd_level_baseline;
}

const csimd_kernels *csimd_kernels_of(csimd_level level) {
  switch (level) {
#if defined(__x86_64__)
    case csimd_level_v4: return &csimd_v4_kernels;
    case csimd_level_v3: return &csimd_v3_kernels;
#endif
    default: return &csimd_baseline_kernels;
  }
}

csimd_level csimd_level_in_use(void) { return level_in_use; }

void csimd_use_level(csimd_level level) {
  level_in_use = level;
  csimd_current_kernels = csimd_kernels_of(level);
}

// Before the program begins, so that tests too run at the level that the environment names. Who reads commands says
// what is wrong with a name that stands for no level.
__attribute__((constructor)) static void choose_level(void) {
  const csimd_level widest = csimd_widest_level();
  csimd_level chosen = widest;
  const char *named = getenv("DLCLI_VECTORS");
  for (csimd_level level = csimd_level_baseline; named && level <= widest; level++) {
    if (strcmp(named, csimd_level_name(level)) == 0) chosen = level;
  }
  csimd_use_level(chosen);
}
