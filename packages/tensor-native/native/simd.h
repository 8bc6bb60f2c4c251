// One small SIMD vocabulary over compiler vector extensions: the same source is compiled for SSE2, AVX2, AVX-512 and NEON.
// VW is the number of floats in a vector; arithmetic on `vf` is elementwise. Partial vectors go through the same arithmetic as
// whole ones (missing lanes hold zeros), so that an element's bits never depend on where a row ends.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace {  // one copy per instruction set


#if defined(__AVX512F__)
#define VW 16
#elif defined(__AVX2__)
#define VW 8
#else
#define VW 4
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(VW * 4)));
typedef int32_t vi __attribute__((vector_size(VW * 4)));
typedef float vf_unaligned __attribute__((vector_size(VW * 4), aligned(4), may_alias));

INLINE vf load(const float* p) { return *(const vf_unaligned*)p; }
INLINE void store(float* p, vf v) { *(vf_unaligned*)p = v; }
INLINE vf splat(float s) { return s - vf{}; }  // x - 0 folds to a broadcast, x + 0 does not

/** a·b + c, in one rounding where the machine can. */
INLINE vf madd(vf a, vf b, vf c) {
#if defined(__wasm_relaxed_simd__)
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

/** The first n lanes of p, the others `rest`. */
INLINE vf load_part(const float* p, int n, float rest = 0) {
  vf v = splat(rest);
  memcpy(&v, p, (size_t)n * 4);
  return v;
}
INLINE void store_part(float* p, vf v, int n) { memcpy(p, &v, (size_t)n * 4); }

/** mask lanes are all ones or all zeros, as comparisons give them. */
INLINE vf select(vi mask, vf yes, vf no) { return (vf)(((vi)yes & mask) | ((vi)no & ~mask)); }
INLINE vf vmax(vf a, vf b) { return select(a > b, a, b); }
INLINE vf vmin(vf a, vf b) { return select(a < b, a, b); }

/** Sums of lanes in a fixed order. */
INLINE float sum_of(vf v) {
  float s = 0;
  for (int i = 0; i < VW; i++) s += v[i];
  return s;
}
INLINE float max_of(vf v) {
  float m = v[0];
  for (int i = 1; i < VW; i++) m = v[i] > m ? v[i] : m;
  return m;
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define INGOT_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef INGOT_SHUFFLE
#define INGOT_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (vi){__VA_ARGS__})
#endif

/** One exchange of a transposition: lanes of `a` whose bit S is set change places with lanes of `b` whose bit S is clear. */
template <int S, int... J>
INLINE void exchange(vf& a, vf& b, std::integer_sequence<int, J...>) {
  const vf low = INGOT_SHUFFLE(a, b, (J & S ? VW + J - S : J)...), high = INGOT_SHUFFLE(a, b, (J & S ? VW + J : J + S)...);
  a = low, b = high;
}
template <int S>
INLINE void transpose_from(vf* rows) {
  if constexpr (S < VW) {
    for (int i = 0; i < VW; i++)
      if (!(i & S)) exchange<S>(rows[i], rows[i + S], std::make_integer_sequence<int, VW>{});
    transpose_from<2 * S>(rows);
  }
}
/** VW rows of VW lanes: rows become lanes (Eklundh 1972). */
INLINE void transpose(vf* rows) { transpose_from<1>(rows); }

/** e^x to about one unit in the last place: x = n·ln 2 + r, a polynomial of degree 6 in r (Cephes expf), scaled by 2^n. */
INLINE vf vexp(vf x) {
  const vi normal = x >= splat(-87.33654f);
  const vf other = (vf)((vi)x & (x != x));  // 0, but a NaN stays one
  x = vmin(vmax(x, splat(-87.33654f)), splat(88.72283f));
  const vf round = splat(12582912.f);  // 1.5·2^23: adding and taking it away rounds to the nearest whole number
  const vf n = (x * splat(1.44269504f) + round) - round;
  vf r = n * splat(-0.693359375f) + x;
  r = n * splat(2.12194440e-4f) + r;
  vf p = splat(1.9875691500e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  p = p * (r * r) + r + splat(1.f);
  const vi half = (__builtin_convertvector(n, vi)) >> 1;  // 2^n in two factors, so that n = 128 does not overflow on the way
  const vi rest = __builtin_convertvector(n, vi) - half;
  p = p * (vf)((half + 127) << 23) * (vf)((rest + 127) << 23);
  return select(normal, p, other);
}

/** erf to 4e-7: x·P(x²)/Q(x²), fitted on [0, 3.92] (largest error 4.3e-8 before rounding), beyond which it is 1 in float. NaN stays NaN. */
INLINE vf verf(vf x) {
  const vf bound = splat(3.92f);
  const vf c = select(x > bound, bound, select(x < -bound, -bound, x)), t = c * c;
  vf p = splat(1.9921329e-8f);
  p = p * t - splat(1.9942941e-6f);
  p = p * t + splat(1.4898670e-4f);
  p = p * t + splat(3.9728982e-3f);
  p = p * t + splat(5.1397298e-2f);
  p = p * t + splat(2.0611444e-1f);
  p = p * t + splat(1.1283787f);
  vf q = splat(1.0241248e-3f);
  q = q * t + splat(1.4889231e-2f);
  q = q * t + splat(1.1756464e-1f);
  q = q * t + splat(5.1599294e-1f);
  q = q * t + splat(1.f);
  const vf y = c * p / q, one = splat(1.f);
  const vf kept = select(y > one, one, select(y < -one, -one, y));
  return select(x == x, kept, x);  // relaxed SIMD's bounds may lose a NaN
}

}  // namespace
