// The cases that a kernel is checked on, the memory that it gets and what is said where it is wrong.
#pragma once
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "CSIMD.h"

// Those of the level at hand.
static const csimd_kernels *k;

// What is said of numbers that were fitted: a unit in the last place of a float near 1.
#define UNITS(count) ((count) * 0x1p-23)

#define EACH(i, count) for (size_t i = 0; i < (count); i++)

// MARK: - Cases

typedef struct {
  size_t rows, columns, depth;
} shape;

// Sizes about those of vectors, of strips of them and of the blocks that kernels work in; a table ends with zeros.
static const shape ordinary[] = {{1, 1, 0},  {3, 3, 0},   {4, 4, 0},   {2, 7, 0},   {5, 16, 0}, {7, 17, 0},
                                 {6, 33, 0}, {9, 100, 0}, {3, 115, 0}, {2, 300, 0}, {0, 0, 0}};

// Of the case at hand. `n` is the number of columns, for kernels that know no rows.
static size_t rows, columns, depth, n;
// Each is met with each other: what a kernel has no use for, it ignores.
static bool accumulate, in_place, given, also_given;
// Where buffers lie: at the end of the memory that may be touched, or at its beginning.
static bool at_end;

// Relative to the value, or to the terms that it was added from.
static double tolerance;

static const char *kernel_name;
static const shape *shapes;
static int case_number, passed, failed;
static bool kernel_failed;
static sigjmp_buf way_out;

// MARK: - Memory

// Every buffer lies between two pages that may not be touched, right behind the one or right before the other, so that
// a number too far ends the case. What is left of its own pages is filled with a mark, which nobody may overwrite.
enum { buffer_limit = 16, buffer_bytes = 1 << 21, exact_limit = 1 << 20 };
static const uint32_t mark = 0xffa5a5a5;

static struct {
  uint32_t *rest;
  size_t count;
} buffers[buffer_limit];
static size_t buffers_used, exact_used;
static char *memory;
static size_t page;
static double exact_numbers[exact_limit];

static void reserve_memory(void) {
  page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t stride = buffer_bytes + page;
  memory = mmap(NULL, buffer_limit * stride + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) perror("mmap"), exit(1);
  EACH(b, buffer_limit) {
    if (mprotect(memory + page + b * stride, buffer_bytes, PROT_READ | PROT_WRITE)) perror("mprotect"), exit(1);
  }
}

// Room for some numbers, which are not numbers yet: who leaves one out, or reads one, is found out.
static float *room(size_t count) {
  const size_t bytes = count * sizeof(float), whole = (bytes + page - 1) / page * page;
  if (buffers_used == buffer_limit || whole > buffer_bytes) fprintf(stderr, "error: no room\n"), exit(1);
  char *start = memory + page + buffers_used * (buffer_bytes + page);
  if (at_end) start += buffer_bytes - whole;
  uint32_t *words = (uint32_t *)start;
  EACH(i, whole / sizeof(float)) words[i] = mark;
  const size_t left = (whole - bytes) / sizeof(float);
  buffers[buffers_used].rest = at_end ? words : words + count;
  buffers[buffers_used].count = left;
  buffers_used++;
  return (float *)(at_end ? words + left : words);
}

static uint32_t random_state;

static uint32_t random_bits(void) {
  random_state = random_state * 1664525u + 1013904223u;
  return random_state >> 8;
}

// From -2 to 2.
static float number(void) { return (float)random_bits() * 0x1p-22f - 2.0f; }

static float *numbers(size_t count) {
  float *x = room(count);
  EACH(i, count) x[i] = number();
  return x;
}

// From 1/2 to 5/2.
static float *positive(size_t count) {
  float *x = room(count);
  EACH(i, count) x[i] = 0.5f + (float)random_bits() * 0x1p-23f;
  return x;
}

// Few different ones, many of them equal.
static float *few_numbers(size_t count) {
  float *x = room(count);
  EACH(i, count) x[i] = (float)(random_bits() % 5) - 2.0f;
  return x;
}

// Small, middle and large ones, and where functions change.
static float *wild(size_t count) {
  static const float edges[] = {0.0f, -0.0f, 1e-30f, -1e-4f, 1e-4f, -20.0f, 20.0f, -100.0f, 100.0f, -1000.0f, 1000.0f};
  float *x = room(count);
  EACH(i, count) {
    const uint32_t kind = random_bits() % 32;
    x[i] = kind < 11 ? edges[kind] : kind < 20 ? 10.0f * number() : number();
  }
  return x;
}

// The same or, where results are written over a source, the source.
static float *target(float *source, size_t count) { return in_place ? source : room(count); }
// What results are added to, or room.
static float *sums(size_t count) { return accumulate ? numbers(count) : room(count); }

static double *doubles(size_t count) {
  if (exact_used + count > exact_limit) fprintf(stderr, "error: no room\n"), exit(1);
  exact_used += count;
  return exact_numbers + exact_used - count;
}

// What a buffer holds before the kernel runs, to calculate with.
static double *exact(const float *x, size_t count) {
  double *copy = doubles(count);
  EACH(i, count) copy[i] = x[i];
  return copy;
}

// MARK: - Verdicts

static bool fails(void) {
  if (kernel_failed) return false;
  kernel_failed = true;
  printf(
      "%s is wrong at %zu x %zu x %zu (%s%s%s%s%s): ", kernel_name, rows, columns, depth,
      at_end ? "at the end" : "at the beginning", accumulate ? ", accumulate" : "", in_place ? ", in place" : "",
      given ? ", given" : "", also_given ? ", also given" : "");
  return true;
}

// `terms` is the sum of the sizes of what `want` was added from, where that is more than its own size.
static void expect(size_t i, double got, double want, double terms) {
  if (got == want || (isnan(got) && isnan(want))) return;
  const double bound = tolerance * fmax(fabs(want), terms) + (tolerance > 0 ? FLT_MIN : 0);
  if (fabs(got - want) <= bound && isfinite(want)) return;
  if (fails()) printf("element %zu is %.10g, not %.10g\n", i, got, want);
}

static void check_marks(void) {
  EACH(b, buffers_used) {
    EACH(i, buffers[b].count) {
      if (buffers[b].rest[i] != mark && fails()) printf("it wrote outside buffer %zu\n", b);
    }
  }
}

// Checks the buffers of a part of a case, and gives them back.
static void release(void) {
  check_marks();
  buffers_used = 0;
  exact_used = 0;
}

static void leave(int signal) { siglongjmp(way_out, signal); }

static void touched_forbidden_memory(void) {
  if (fails()) printf("it touched memory outside its buffers\n");
}

static void begin(const char *name, const shape *table) {
  kernel_name = name;
  shapes = table;
  case_number = 0;
  kernel_failed = false;
  tolerance = 1e-6;
  random_state = 1;
}

static bool next_case(void) {
  release();
  const shape *now = shapes + (case_number >> 5);
  if (!now->rows) {
    *(kernel_failed ? &failed : &passed) += 1;
    return false;
  }
  rows = now->rows, columns = n = now->columns, depth = now->depth;
  at_end = case_number & 1, accumulate = case_number & 2, in_place = case_number & 4;
  given = case_number & 8, also_given = case_number & 16;
  case_number++;
  return true;
}

// In front of a block that is run for every case.
#define CASES(name, table) \
  for (begin(name, table); next_case();) UNLESS_FAULT

// The same, with the kernel as `kernel`.
#define CHECK_ON(table, family, name)                                                 \
  for (__typeof__(k->family.name) kernel = (begin(#family "." #name, table), k->family.name); \
       next_case();) UNLESS_FAULT

#define UNLESS_FAULT                                                               \
  if (sigsetjmp(way_out, 1)) {                                                     \
    touched_forbidden_memory();                                                    \
  } else

#define CHECK(family, name) CHECK_ON(ordinary, family, name)
