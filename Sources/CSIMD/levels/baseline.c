// The kernels for every processor that we compile for.
#include "../support/headers.h"
#include "loops.h"
#include "portable.h"
#include "vectors.h"
#define LEVEL_KERNELS csimd_baseline_kernels
#include "table.h"
