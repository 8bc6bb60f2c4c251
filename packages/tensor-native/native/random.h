// Philox 4x32-10 (Salmon et al. 2011): random numbers as a function of key and counter.
#pragma once
#include "elementwise.h"

namespace {  // one copy per instruction set


struct Block {
  uint32_t word[4];
};
INLINE Block philox(uint32_t c0, uint32_t c1, uint32_t k0, uint32_t k1) {
  uint32_t c2 = 0, c3 = 0;
  for (int round = 0; round < 10; round++) {
    const uint64_t p = (uint64_t)0xD2511F53u * c0, q = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(q >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)q;
    c2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}
/** visit(i, u) for element i with its uniform number in [0, 1). */
template <class F>
static void uniforms(long n, uint32_t k0, uint32_t k1, double counter, const F& visit) {
  ranges(n, 4, GRAIN, [&](long from, long to) {
    for (long i = from; i < to; i += 4) {
      const uint64_t at = (uint64_t)counter + (uint64_t)(i / 4);
      const Block block = philox((uint32_t)at, (uint32_t)(at >> 32), k0, k1);
      for (int j = 0; j < 4 && i + j < to; j++) visit(i + j, (float)(block.word[j] >> 8) * 5.9604644775390625e-8f);
    }
  });
}
static void uniform(Call& call) {
  const long n = call.integer();
  const uint32_t k0 = (uint32_t)call.integer(), k1 = (uint32_t)call.integer();
  const double counter = call.number();
  float* y = call.make(n);
  if (!call.out_of_memory) uniforms(n, k0, k1, counter, [=](long i, float u) { y[i] = u; });
}
static void dropout(Call& call) {
  const long n = call.integer();
  const int handle = call.integer();
  const uint32_t k0 = (uint32_t)call.integer(), k1 = (uint32_t)call.integer();
  const double counter = call.number(), rate = call.number();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  const float keep = (float)(1 / (1 - rate)), limit = (float)rate;
  uniforms(n, k0, k1, counter, [=](long i, float u) { y[i] = u < limit ? 0.f : x[i] * keep; });
}

}  // namespace
