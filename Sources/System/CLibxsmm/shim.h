#pragma once
#include <libxsmm.h>

// A kernel as Swift can call it: libxsmm's own type has variable arguments, for prefetching, which we do not ask for.
typedef void (*libxsmm_product)(const float *a, const float *b, float *c);

// C = A op(B), or C += that, for column-major matrices: op(B) is the transpose where asked for. Null where the library
// has no kernel for it.
static inline libxsmm_product libxsmm_product_kernel(
    int m, int n, int k, int lda, int ldb, int ldc, _Bool transpose_b, _Bool accumulate) {
  const float alpha = 1, beta = accumulate ? 1 : 0;
  const int flags = (transpose_b ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE) |
                    (accumulate ? LIBXSMM_GEMM_FLAG_NONE : LIBXSMM_GEMM_FLAG_BETA_0);
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  return (libxsmm_product)libxsmm_smmdispatch(
      m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
}

// Makes the library compile for AVX2, however wide the processor's vectors are.
static inline void libxsmm_limit_to_avx2(void) { libxsmm_set_target_archid(LIBXSMM_X86_AVX2); }
