// Kernels that are written in vectors of WIDTH numbers.
#include "../kernels/tiles.h"
#include "../kernels/transpose.h"
#include "../kernels/winograd.h"
