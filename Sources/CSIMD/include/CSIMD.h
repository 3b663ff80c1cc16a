// Vector kernels on float, in C, compiled for several levels of vectors (levels/) from one source (kernels/): loops that the
// compiler turns into vector code (levels/loops.h), and what is written in vectors as wide as the level's registers
// (levels/vectors.h). The kernels of a level are a table; csimd_level.h says which is in use. Each kernel does what the
// generic Swift code beside its call does; that code is the reference and says what is meant. Where nothing else is said, a
// destination may be one of the sources.
//
// This header has the module's name, which makes it the umbrella: who imports the module sees what is included here, and is
// rebuilt when it changes.
#pragma once
#include "csimd_kernels.h"
#include "csimd_level.h"
