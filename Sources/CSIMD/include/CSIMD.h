// Vector kernels on float, in plain C loops that the compiler turns into vector code, built for several levels of
// x86-64 and chosen when the program is loaded. Each does what the generic Swift code beside its call does; that code
// is the reference and says what is meant. Where nothing else is said, a destination may be one of the sources.
//
// This header has the module's name, which makes it the umbrella: who imports the module sees what is included here, and is
// rebuilt when it changes.
#pragma once
#include "csimd_kernels.h"
#include "csimd_level.h"
