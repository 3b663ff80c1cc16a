// attention.h: what lies between the matrix products of attention, on a block of rows of scores. Row r of the block attends
// to the first min(columns, visible + r) columns, or to all where `visible` is `columns`; what lies behind becomes 0.
#pragma once
#include <stddef.h>

typedef struct {
  // Rows are a multiple of 16 apart; what lies between `columns` and the next multiple may be overwritten.
  //
  // scores = softmax of each row; log_sums = ln of its sum of exponentials.
  void (*attention_weights)(
      float *scores, size_t rows, size_t columns, size_t stride, size_t visible, float *log_sums);
  // scores become weights again, e^(score - log_sum), and gradients (those of the weights) the gradients of the scores
  // times scale: scale weight (gradient - delta).
  void (*attention_weights_backward)(
      float *scores, float *gradients, size_t rows, size_t columns, size_t stride, size_t visible,
      const float *log_sums, const float *deltas, float scale);
  // dots[r] = sum over c of a[r, c] b[r, c].
  void (*row_dots)(
      const float *a, size_t stride_a, const float *b, size_t stride_b, size_t rows, size_t columns,
      float *dots);

  // Additive attention of one query to `count` keys of `width` numbers; `scale` may be null for ones.
  //
  // scores[s] = sum over d of scale[d] tanh(query[d] + keys[s, d]); minus infinity where mask, which may be null, is 0.
  void (*additive_scores)(
      const float *query, const float *keys, const float *scale, const float *mask, size_t count,
      size_t width, float *scores);
  // dquery[d], dkeys[s, d] += dscores[s] scale[d] (1 - tanh^2), dscale[d] += dscores[s] tanh. The three lie apart; dkeys may
  // be null.
  void (*additive_scores_backward)(
      const float *query, const float *keys, const float *scale, const float *dscores, size_t count,
      size_t width, float *dquery, float *dkeys, float *dscale);
} csimd_attention_kernels;
