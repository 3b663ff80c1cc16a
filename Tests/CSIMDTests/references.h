// What the references of several families are made of.
#pragma once
#include "cases.h"

// A value, and the sum of the sizes of what it was added from.
typedef struct {
  double value, terms;
} reference;

static reference plain(double value) { return (reference){value, 0}; }
static reference sum_from(double start) { return (reference){start, fabs(start)}; }
static void plus(reference *sum, double x) { sum->value += x, sum->terms += fabs(x); }

static double sigmoid_of(double x) { return 1 / (1 + exp(-x)); }
static double softplus_of(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }
static double squared(double a, double b) { return (a - b) * (a - b); }
static double log_sum_exp(const double *x, size_t count) {
  double largest = -INFINITY, sum = 0;
  EACH(i, count) largest = fmax(largest, x[i]);
  EACH(i, count) sum += exp(x[i] - largest);
  return largest + log(sum);
}

// Of numbers that may be missing, and then count as zeros.
static double or_zero(const double *x, size_t i) { return x ? x[i] : 0; }
