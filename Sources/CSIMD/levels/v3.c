// The kernels for x86-64-v3: AVX2 and FMA.
#include "../support/headers.h"
#if defined(__x86_64__)
#define FEATURES "avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt"
#pragma clang attribute push(__attribute__((target(FEATURES))), apply_to = function)
#include "loops.h"
#include "avx2.h"
#include "vectors.h"
#pragma clang attribute pop
#define LEVEL_KERNELS csimd_v3_kernels
#include "table.h"
#endif
