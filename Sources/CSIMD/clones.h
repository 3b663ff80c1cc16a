// How the vector kernels are compiled.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Every function marked so is compiled for three levels of x86-64; the loader picks the widest that the processor
// has. Elsewhere it is compiled once, for the baseline, which on arm64 has vectors already.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

// In front of a loop whose iterations do not depend on each other: the destination may be one of the sources, element by
// element, which the compiler would otherwise have to treat as a dependency.
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

// First in a block whose sums may be taken in vector order.
#define REASSOCIATE _Pragma("clang fp reassociate(on)")

// In front of a loop whose length is a constant.
#define UNROLL _Pragma("clang loop unroll(full)")
