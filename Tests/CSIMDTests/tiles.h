// Products of matrices.
#pragma once
#include "references.h"

static const shape products[] = {{1, 1, 1},    {1, 17, 3},  {3, 7, 5},     {4, 100, 33}, {2, 1100, 9},
                                 {5, 16, 4},   {6, 70, 1},  {16, 33, 17},  {17, 16, 330}, {50, 100, 40},
                                 {29, 31, 650}, {200, 18, 5}, {3, 5, 0},     {18, 66, 0},  {0, 0, 0},
                                 {49, 97, 2700}};

static void check_tiles(void) {
  CHECK(tiles, tiles) {
    // Either the steps lie side by side or the rows.
    const int64_t m = (int64_t)rows, length = 5, row_step = also_given ? 1 : 9, step = also_given ? m + 2 : 1;
    const int64_t inner_step = also_given ? 3 * m : 7, outer_step = 31, steps = 2 * 3 * length;
    const int64_t ldb = (int64_t)columns + (in_place ? 3 : 0), ldc = (int64_t)columns + (in_place ? 0 : 2);
    float *a = numbers((size_t)((m - 1) * row_step + outer_step + 2 * inner_step + (length - 1) * step + 1));
    float *b = numbers((size_t)((steps - 1) * ldb) + columns), *bias = given ? numbers(columns) : NULL;
    float *c = sums((size_t)((m - 1) * ldc) + columns);
    const double *old = exact(c, (size_t)((m - 1) * ldc) + columns);
    const csimd_operand operand = {a, row_step, 2, outer_step, 3, inner_step, length, step};
    kernel(&operand, b, ldb, m, (int64_t)columns, -0.7f, accumulate, bias, c, ldc);
    EACH(i, rows) {
      EACH(j, columns) {
        reference sum = {0, 0};
        for (int64_t s = 0; s < steps; s++) {
          const int64_t o = s / length / 3 * outer_step + s / length % 3 * inner_step + s % length * step;
          plus(&sum, (double)a[(int64_t)i * row_step + o] * b[s * ldb + (int64_t)j]);
        }
        const size_t at = i * (size_t)ldc + j;
        const double start = accumulate ? old[at] : 0, offset = bias ? bias[j] : 0;
        expect(at, c[at], start + offset - 0.7f * sum.value, fabs(start) + fabs(offset) + sum.terms);
      }
    }
  }
  CHECK(tiles, pack) {
    const size_t inner = rows + 2, stripe = (size_t)k->tiles.columns;
    const size_t ldb = (given ? inner : columns) + (in_place ? 3 : 0);
    float *b = numbers(given ? (columns - 1) * ldb + inner : (inner - 1) * ldb + columns);
    float *packed = room((columns + stripe - 1) / stripe * stripe * inner);
    tolerance = 0;
    kernel(b, (int64_t)ldb, given, (int64_t)inner, (int64_t)columns, packed);
    EACH(p, inner) {
      EACH(j, columns) {
        const size_t at = j / stripe * stripe * inner + p * stripe + j % stripe;
        expect(at, packed[at], given ? b[j * ldb + p] : b[p * ldb + j], 0);
      }
    }
  }
  CHECK_ON(products, tiles, gemm) {
    const bool turned_a = in_place, turned_b = also_given;
    // Rows that are pages apart are taken otherwise.
    const size_t lda = depth == 330 && !turned_a ? 1024 : (turned_a ? rows : depth) + rows % 2;
    const size_t ldb = (turned_b ? depth : columns) + columns % 3, ldc = columns + rows % 3;
    const size_t across_a = turned_a ? rows : depth, down_a = turned_a ? depth : rows;
    const size_t across_b = turned_b ? depth : columns, down_b = turned_b ? columns : depth;
    float *a = numbers(down_a ? (down_a - 1) * lda + across_a : 0);
    float *b = numbers(down_b ? (down_b - 1) * ldb + across_b : 0);
    float *bias = given ? numbers(columns) : NULL, *c = sums((rows - 1) * ldc + columns);
    const double *old = exact(c, (rows - 1) * ldc + columns);
    kernel(
        turned_a, turned_b, (int64_t)rows, (int64_t)columns, (int64_t)depth, -0.7f, a, (int64_t)lda, b, (int64_t)ldb,
        accumulate, bias, c, (int64_t)ldc);
    EACH(i, rows) {
      EACH(j, columns) {
        reference sum = {0, 0};
        EACH(p, depth) {
          plus(&sum, (double)a[turned_a ? p * lda + i : i * lda + p] * b[turned_b ? j * ldb + p : p * ldb + j]);
        }
        const size_t at = i * ldc + j;
        const double start = accumulate ? old[at] : 0, offset = bias ? bias[j] : 0;
        expect(at, c[at], start + offset - 0.7f * sum.value, fabs(start) + fabs(offset) + sum.terms);
      }
    }
  }
  // Compared bit for bit with the product of the listed rows when they lie one behind the other.
  CHECK_ON(products, tiles, listed_products) {
    const size_t lda = rows + (given ? 3 : 0), ldb = columns + (also_given ? 5 : 0), all = depth + depth / 2;
    float *a = numbers(all ? (all - 1) * lda + rows : 0), *b = numbers(all ? (all - 1) * ldb + columns : 0);
    float *list = room(depth), *c = sums(rows * columns), *same = room(rows * columns);
    memcpy(same, c, rows * columns * sizeof(float));
    EACH(p, depth) list[p] = (float)(p + p / 2);
    float *listed_a = room(depth * lda), *listed_b = room(depth * ldb);
    EACH(p, depth) {
      memcpy(listed_a + p * lda, a + (size_t)list[p] * lda, rows * sizeof(float));
      memcpy(listed_b + p * ldb, b + (size_t)list[p] * ldb, columns * sizeof(float));
    }
    const double *old = exact(c, rows * columns);
    const int64_t m = (int64_t)rows, o = (int64_t)columns, count = (int64_t)depth;
    kernel(list, count, m, o, a, (int64_t)lda, b, (int64_t)ldb, accumulate, c, o);
    k->tiles.gemm(
        true, false, m, o, count, 1, listed_a, (int64_t)lda, listed_b, (int64_t)ldb, accumulate, NULL, same, o);
    EACH(i, rows * columns) {
      const double start = accumulate ? old[i] : 0;
      reference sum = sum_from(start);
      EACH(p, depth) {
        plus(&sum, (double)listed_a[p * lda + i / columns] * listed_b[p * ldb + i % columns]);
      }
      expect(i, c[i], sum.value, sum.terms);
      if (memcmp(c + i, same + i, sizeof *c) && fails()) printf("element %zu differs from that of gemm\n", i);
    }
  }
}
