// Vector kernels of training: what stands in CSIMD.h holds here too.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// random.h: words of the Philox 4x32-10 generator under one key; the first word of the counter numbers the blocks of
// four words, the other three name the stream. All functions begin at the block `first`.
struct csimd_random {
  uint32_t key[2];
  uint32_t stream[3];
};

typedef struct {
  // optimizers.h: w values, g gradients, then the moments; no two of them may overlap.
  void (*sgd)(float *w, const float *g, size_t n, float rate, float decay, float scale);
  void (*sgd_momentum)(
      float *w, const float *g, float *b, size_t n, float rate, float decay, float scale,
      float momentum, bool nesterov);
  // `kept` is what decoupled decay leaves of w; `correction` multiplies the root of v.
  void (*adam)(
      float *w, const float *g, float *m, float *v, size_t n, float rate, float decay, float scale,
      float keep1, float add1, float keep2, float add2, float correction, float epsilon, float kept);
  void (*rmsprop)(
      float *w, const float *g, float *v, size_t n, float rate, float decay, float scale, float keep,
      float add, float epsilon);
  void (*rmsprop_momentum)(
      float *w, const float *g, float *v, float *b, size_t n, float rate, float decay, float scale,
      float keep, float add, float epsilon, float momentum);
  void (*adagrad)(
      float *w, const float *g, float *s, size_t n, float rate, float decay, float scale, float start,
      float epsilon);
  void (*adadelta)(
      float *w, const float *g, float *v, float *u, size_t n, float rate, float decay, float scale,
      float keep, float add, float epsilon);
  // g += l1 sign(w) + 2 l2 w, given 2 l2.
  void (*penalty)(const float *w, float *g, size_t n, float l1, float twice_l2);
  // a += share (w - a).
  void (*moving_average)(float *a, const float *w, size_t n, float share);

  void (*random_words)(uint32_t *words, size_t n, struct csimd_random random, uint32_t first);
  // y (+)= scale x where the element's word is at least `threshold`, else 0.
  void (*dropout)(
      const float *x, float *y, size_t n, struct csimd_random random, uint32_t first,
      uint32_t threshold, float scale, bool accumulate);
  // y = low + range u
  void (*uniform)(
      float *y, size_t n, struct csimd_random random, uint32_t first, float low, float range);
  // y = mean + deviation z, or x + mean + deviation z where there is an x
  void (*normal)(
      const float *x, float *y, size_t n, struct csimd_random random, uint32_t first, float mean,
      float deviation);

  // embedding.h: for each n, table[token[n], c] += dy[n, c], where the token is in the table; `stride` between rows of both.
  void (*scatter_add)(
      const float *dy, const float *tokens, size_t count, size_t columns, size_t stride,
      size_t vocabulary, float *table);
} csimd_training_kernels;
