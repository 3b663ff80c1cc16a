// Vector kernels of training: what stands in csimd.h holds here too.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// optimizers.c: w values, g gradients, then the moments; no two of them may overlap.
void csimd_sgd(float *w, const float *g, size_t n, float rate, float decay, float scale);
void csimd_sgd_momentum(
    float *w, const float *g, float *b, size_t n, float rate, float decay, float scale,
    float momentum, bool nesterov);
// `kept` is what decoupled decay leaves of w; `correction` multiplies the root of v.
void csimd_adam(
    float *w, const float *g, float *m, float *v, size_t n, float rate, float decay, float scale,
    float keep1, float add1, float keep2, float add2, float correction, float epsilon, float kept);
void csimd_rmsprop(
    float *w, const float *g, float *v, size_t n, float rate, float decay, float scale, float keep,
    float add, float epsilon);
void csimd_rmsprop_momentum(
    float *w, const float *g, float *v, float *b, size_t n, float rate, float decay, float scale,
    float keep, float add, float epsilon, float momentum);
void csimd_adagrad(
    float *w, const float *g, float *s, size_t n, float rate, float decay, float scale, float start,
    float epsilon);
void csimd_adadelta(
    float *w, const float *g, float *v, float *u, size_t n, float rate, float decay, float scale,
    float keep, float add, float epsilon);
// g += l1 sign(w) + 2 l2 w, given 2 l2.
void csimd_penalty(const float *w, float *g, size_t n, float l1, float twice_l2);
// a += share (w - a).
void csimd_moving_average(float *a, const float *w, size_t n, float share);
