// The kernels for x86-64-v4: AVX-512.
#include "../support/headers.h"
#if defined(__x86_64__)
// By features: for a processor that is named, the compiler would rather take vectors of half the width.
#define FEATURES \
  "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt,prfchw"
#pragma clang attribute push(__attribute__((target(FEATURES))), apply_to = function)
#include "loops.h"
#include "avx512.h"
#include "vectors.h"
#pragma clang attribute pop
#define LEVEL_KERNELS csimd_v4_kernels
#include "table.h"
#endif
