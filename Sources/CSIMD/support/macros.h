// How the vector kernels are written.
#pragma once

#define INLINE static inline __attribute__((always_inline))

// In front of a loop whose iterations do not depend on each other: the destination may be one of the sources, element by
// element, which the compiler would otherwise have to treat as a dependency.
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

// First in a block whose sums may be taken in vector order.
#define REASSOCIATE _Pragma("clang fp reassociate(on)")

// In front of a loop whose length is a constant.
#define UNROLL _Pragma("clang loop unroll(full)")
