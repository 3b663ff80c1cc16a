// Kernels that are written in vectors of WIDTH numbers.
#include "../kernels/tiles.h"
#include "../kernels/packing.h"
#include "../kernels/few_rows.h"
#include "../kernels/products.h"
#include "../kernels/transpose.h"
#include "../kernels/winograd.h"
