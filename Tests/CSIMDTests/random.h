// Random numbers, and the gradient of an embedding.
#pragma once
#include "references.h"

// Word `place` from block `first` on of Philox 4x32 of ten rounds, after J. Salmon and others, "Parallel random
// numbers: as easy as 1, 2, 3", 2011.
static uint32_t philox_word(struct csimd_random random, uint32_t first, size_t place) {
  uint32_t x[4] = {first + (uint32_t)(place / 4), random.stream[0], random.stream[1], random.stream[2]};
  uint32_t key[2] = {random.key[0], random.key[1]};
  for (int round = 0; round < 10; round++) {
    const uint64_t a = 0xD2511F53ull * x[0], b = 0xCD9E8D57ull * x[2];
    const uint32_t next[4] = {
        (uint32_t)(b >> 32) ^ x[1] ^ key[0], (uint32_t)b, (uint32_t)(a >> 32) ^ x[3] ^ key[1], (uint32_t)a};
    memcpy(x, next, sizeof x);
    key[0] += 0x9E3779B9u, key[1] += 0xBB67AE85u;
  }
  return x[place % 4];
}

static const struct csimd_random stream = {{0xdeadbeef, 0x12345678}, {0xffffffff, 3, 0x80000000}};

static double unit_of(uint32_t word) { return (word >> 8) * 0x1p-24; }

static void check_random(void) {
  CHECK(training, random_words) {
    // The counter may run over.
    const uint32_t first = given ? 0xfffffff0 : 5;
    uint32_t *words = (uint32_t *)room(rows * columns);
    tolerance = 0;
    kernel(words, rows * columns, stream, first);
    EACH(i, rows * columns) expect(i, words[i], philox_word(stream, first, i), 0);
    // The words that the authors give for zeros.
    static const uint32_t known[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    const struct csimd_random zeros = {{0, 0}, {0, 0, 0}};
    uint32_t *four = (uint32_t *)room(4);
    kernel(four, 4, zeros, 0);
    EACH(i, 4) expect(i, four[i], known[i], 0);
  }
  CHECK(training, dropout) {
    const uint32_t first = given ? 0xfffffff0 : 5, threshold = 0x60000000;
    float *x = numbers(rows * columns), *y = in_place ? x : sums(rows * columns);
    const double *v = exact(x, rows * columns), *old = exact(y, rows * columns);
    kernel(x, y, rows * columns, stream, first, threshold, 1.6f, accumulate);
    EACH(i, rows * columns) {
      const double start = accumulate ? old[i] : 0;
      const double value = philox_word(stream, first, i) >= threshold ? 1.6f * v[i] : 0;
      expect(i, y[i], start + value, fabs(start) + fabs(value));
    }
  }
  CHECK(training, uniform) {
    float *y = room(rows * columns);
    kernel(y, rows * columns, stream, 5, -0.5f, 2.5f);
    EACH(i, rows * columns) expect(i, y[i], -0.5 + 2.5 * unit_of(philox_word(stream, 5, i)), 1);
  }
  CHECK(training, normal) {
    const size_t size = rows * columns;
    float *x = given ? numbers(size) : NULL, *y = x && in_place ? x : room(size);
    const double *v = x ? exact(x, size) : NULL;
    kernel(x, y, size, stream, 5, 0.3f, 1.4f);
    EACH(i, size) {
      const double radius = sqrt(-2 * log(1 - unit_of(philox_word(stream, 5, i & ~(size_t)1))));
      const double turn = 2 * M_PI * unit_of(philox_word(stream, 5, i | 1)), start = or_zero(v, i);
      const double z = radius * (i % 2 ? sin(turn) : cos(turn));
      expect(i, y[i], start + 0.3f + 1.4f * z, fabs(start) + 0.3 + 1.4 * radius);
    }
  }
  CHECK(training, scatter_add) {
    const size_t stride = columns + (given ? 3 : 0), vocabulary = 4;
    // More than once, and what is no number of a row.
    static const float kinds[] = {0, 3, 1, 3, 4, -1, NAN, INFINITY, 1e20f};
    float *dy = numbers((rows - 1) * stride + columns), *tokens = room(rows);
    float *table = numbers((vocabulary - 1) * stride + columns);
    EACH(t, rows) tokens[t] = kinds[(t + n) % 9];
    const double *old = exact(table, (vocabulary - 1) * stride + columns);
    kernel(dy, tokens, rows, columns, stride, vocabulary, table);
    EACH(i, (vocabulary - 1) * stride + columns) {
      reference sum = sum_from(old[i]);
      EACH(t, rows) {
        if (tokens[t] != (float)(i / stride) || i % stride >= columns) continue;
        plus(&sum, dy[t * stride + i % stride]);
      }
      expect(i, table[i], sum.value, sum.terms);
    }
  }
}
