// Blocks of four words that are made at a time, and their words.
#define BLOCKS 64
#define WORDS (4 * BLOCKS)

// Words are the lower halves of 64 bits, whose upper halves hold anything: the products need 64 anyway, and the vector
// unit multiplies lower halves, so nothing is ever widened or narrowed.
#define ROUND                                                      \
  {                                                                \
    uint64_t low = (uint64_t)(uint32_t)c0 * 0xD2511F53u;           \
    uint64_t high = (uint64_t)(uint32_t)c2 * 0xCD9E8D57u;          \
    c0 = (high >> 32) ^ c1 ^ k0;                                   \
    c1 = high;                                                     \
    c2 = (low >> 32) ^ c3 ^ k1;                                    \
    c3 = low;                                                      \
    k0 += 0x9E3779B9u;                                             \
    k1 += 0xBB67AE85u;                                             \
  }

// The words of BLOCKS blocks, for a machine that stores lower halves first.
INLINE void philox(struct csimd_random random, uint32_t first, uint32_t *restrict words) {
  INDEPENDENT for (uint32_t b = 0; b < BLOCKS; b++) {
    uint64_t c0 = first + b, c1 = random.stream[0], c2 = random.stream[1], c3 = random.stream[2];
    uint64_t k0 = random.key[0], k1 = random.key[1];
    ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND
    uint64_t pairs[2] = {(uint32_t)c0 | c1 << 32, (uint32_t)c2 | c3 << 32};
    memcpy(words + 4 * b, pairs, sizeof pairs);
  }
}

INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }

// The upper 24 bits of a word as a number in [0, 1).
INLINE float unit(uint32_t word) { return (float)(int32_t)(word >> 8) * 0x1p-24f; }

static void csimd_random_words(
    uint32_t *words, size_t n, struct csimd_random random, uint32_t first) {
  uint32_t made[WORDS];
  for (size_t start = 0; start < n; start += WORDS, first += BLOCKS) {
    philox(random, first, made);
    memcpy(words + start, made, least(WORDS, n - start) * sizeof(uint32_t));
  }
}

static void csimd_dropout(
    const float *x, float *y, size_t n, struct csimd_random random, uint32_t first,
    uint32_t threshold, float scale, bool accumulate) {
  uint32_t words[WORDS];
  for (size_t start = 0; start < n; start += WORDS, first += BLOCKS, x += WORDS, y += WORDS) {
    philox(random, first, words);
    size_t count = least(WORDS, n - start);
    if (accumulate) {
      INDEPENDENT for (size_t i = 0; i < count; i++) {
        y[i] += words[i] >= threshold ? scale * x[i] : 0.0f;
      }
    } else {
      INDEPENDENT for (size_t i = 0; i < count; i++) {
        y[i] = words[i] >= threshold ? scale * x[i] : 0.0f;
      }
    }
  }
}

static void csimd_uniform(
    float *y, size_t n, struct csimd_random random, uint32_t first, float low, float range) {
  uint32_t words[WORDS];
  for (size_t start = 0; start < n; start += WORDS, first += BLOCKS, y += WORDS) {
    philox(random, first, words);
    size_t count = least(WORDS, n - start);
    INDEPENDENT for (size_t i = 0; i < count; i++) y[i] = low + range * unit(words[i]);
  }
}

// Box and Muller's two numbers from each pair of words.
static void csimd_normal(
    const float *x, float *y, size_t n, struct csimd_random random, uint32_t first, float mean,
    float deviation) {
  uint32_t words[WORDS];
  float made[WORDS];
  for (size_t start = 0; start < n; start += WORDS, first += BLOCKS) {
    philox(random, first, words);
    INDEPENDENT for (size_t i = 0; i < WORDS; i += 2) {
      float radius = __builtin_elementwise_sqrt(-2.0f * vector_log(1.0f - unit(words[i])));
      float sine, cosine;
      vector_sincos_turn(unit(words[i + 1]), &sine, &cosine);
      made[i] = radius * cosine;
      made[i + 1] = radius * sine;
    }
    size_t count = least(WORDS, n - start);
    if (x) {
      INDEPENDENT for (size_t i = 0; i < count; i++) {
        y[start + i] = x[start + i] + (mean + deviation * made[i]);
      }
    } else {
      INDEPENDENT for (size_t i = 0; i < count; i++) y[start + i] = mean + deviation * made[i];
    }
  }
}
