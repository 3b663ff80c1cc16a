// Losses of single elements: what stands in csimd_elementwise.h holds here too. Where `t` is null, every target is `target`.
#pragma once
#include <stdbool.h>
#include <stddef.h>

double csimd_squared_sum(const float *p, const float *t, float target, size_t n);
double csimd_absolute_sum(const float *p, const float *t, float target, size_t n);
double csimd_huber_sum(const float *p, const float *t, float target, float delta, size_t n);
double csimd_logistic_sum(const float *p, const float *t, float target, size_t n);

// dp = factor times the derivative by p, or dp += that.
void csimd_squared_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate);
void csimd_absolute_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate);
void csimd_huber_gradient(
    const float *p, const float *t, float target, float delta, float factor, float *dp, size_t n,
    bool accumulate);
void csimd_logistic_gradient(
    const float *p, const float *t, float target, float factor, float *dp, size_t n,
    bool accumulate);
