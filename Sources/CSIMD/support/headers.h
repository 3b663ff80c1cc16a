// What the kernels of a level need of other headers. They come before the kernels are told what they are compiled for.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "CSIMD.h"
#include "macros.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif
