// tiles.h: products of matrices that lie in memory in steps, computed in tiles of registers.
//
// A product is C[i, j] = sum over the inner index of A[i, .] B[., j]. The inner index runs through `outer` x `inner` segments of
// `length` steps. B is row-major and has one row for each step, one behind the other; A need not be a matrix:
//
//     A[i, (o, s, l)] = a[i * row_step + o * outer_step + s * inner_step + l * step]
//
// With a window's rows as segments this is a convolution that reads the image where it lies; with pixels as the
// inner index it is the gradient of its kernel.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const float *a;
  // From one row of C to the next; 1, unless `step` is 1.
  int64_t row_step;
  int64_t outer, outer_step;
  int64_t inner, inner_step;
  int64_t length, step;
} csimd_operand;

typedef struct {
  // The rows and columns of a tile of registers.
  int64_t rows, columns;

  // C[m, n] = alpha A B + (accumulate ? C : 0) + bias; `bias` may be null.
  void (*tiles)(
      const csimd_operand *a, const float *b, int64_t ldb, int64_t m, int64_t n, float alpha,
      bool accumulate, const float *bias, float *c, int64_t ldc);

  // op(B) [k, n] in stripes of `columns` columns, one behind the other, each with its rows side by side: as `tiles` reads
  // it with that as `ldb`. The last stripe is as wide as the others; nobody reads what lies beyond n.
  void (*pack)(
      const float *b, int64_t ldb, bool transposed, int64_t k, int64_t n, float *packed);

  // C[m, n] = alpha op(A) op(B) + (accumulate ? C : 0) + bias for row-major matrices of any size; `bias` may be null.
  void (*gemm)(
      bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
      const float *a, int64_t lda, const float *b, int64_t ldb, bool accumulate, const float *bias,
      float *c, int64_t ldc);

  // C[m, n] = sum over p < count of A[list[p]] transposed times B[list[p]], + (accumulate ? C : 0): what gemm makes of
  // the rows that are listed, bit for bit, as if they lay one behind the other. The list ascends.
  void (*listed_products)(
      const float *list, int64_t count, int64_t m, int64_t n, const float *a, int64_t lda,
      const float *b, int64_t ldb, bool accumulate, float *c, int64_t ldc);
} csimd_tiles_kernels;
