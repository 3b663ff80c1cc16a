// Compares every vector kernel with plain arithmetic of double precision, on whatever processor this is compiled for.
//
//     kernels [LEVEL]
//
// takes one level of vectors, or all that the processor has. The references say what the headers of the kernels say and
// share no code with them; scripts/test-kernels compiles and runs this.
#include "activations.h"
#include "attention.h"
#include "convolution.h"
#include "elementwise.h"
#include "losses.h"
#include "normalization.h"
#include "optimizers.h"
#include "pooling.h"
#include "random.h"
#include "recurrent.h"
#include "softmax.h"
#include "tiles.h"
#include "winograd.h"

// The table holds nothing else but the size of a tile, so that a kernel without a check is noticed.
static const int kernel_count = (sizeof(csimd_kernels) - 2 * sizeof(int64_t)) / sizeof(void (*)(void));

static bool check_level(csimd_level level) {
  k = csimd_kernels_of(level);
  passed = failed = 0;
  check_arithmetic();
  check_reductions();
  check_activations();
  check_losses();
  check_normalization();
  check_softmax();
  check_attention();
  check_convolution();
  check_pooling();
  check_recurrent();
  check_tiles();
  check_optimizers();
  check_random();
  check_winograd();
  if (passed + failed != kernel_count) {
    printf("%d kernels were checked, and there are %d\n", passed + failed, kernel_count);
    failed++;
  }
  printf("%s: %d passed, %d failed\n", csimd_level_name(level), passed, failed);
  return failed == 0;
}

int main(int argc, char **argv) {
  // What was said stays said if a kernel ends the program.
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct sigaction action = {.sa_handler = leave};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  reserve_memory();
  bool any = false, good = true;
  for (csimd_level level = csimd_level_baseline; level <= csimd_widest_level(); level++) {
    if (argc > 1 && strcmp(argv[1], csimd_level_name(level)) != 0) continue;
    good = check_level(level) && good;
    any = true;
  }
  if (!any) fprintf(stderr, "error: this processor has no level %s\n", argv[1]);
  return any && good ? 0 : 1;
}
