// Elementwise kernels. Large arrays are cut among threads; every element is computed alone.
#pragma once
#include "call.h"
#include "gemm.h"

namespace {  // one copy per instruction set


const long GRAIN = 16384;  // elements that are worth a second thread

template <class F>
static void map1(long n, const float* x, float* y, const F& f) {
  ranges(n, VW, GRAIN, [&](long from, long to) {
    long i = from;
    for (; i + VW <= to; i += VW) store(y + i, f(load(x + i)));
    if (i < to) store_part(y + i, f(load_part(x + i, (int)(to - i))), (int)(to - i));
  });
}
template <class F>
static void map2(long n, const float* a, const float* b, float* y, const F& f) {
  ranges(n, VW, GRAIN, [&](long from, long to) {
    long i = from;
    for (; i + VW <= to; i += VW) store(y + i, f(load(a + i), load(b + i)));
    if (i < to) {
      const int rest = (int)(to - i);
      store_part(y + i, f(load_part(a + i, rest), load_part(b + i, rest)), rest);
    }
  });
}
/** For functions that have no vector form here. */
template <class F>
static void map_each(long n, const float* x, float* y, const F& f) {
  ranges(n, 1, GRAIN / 8, [&](long from, long to) {
    for (long i = from; i < to; i++) y[i] = f(x[i]);
  });
}

INLINE vf vsqrt(vf x) {
  vf y;
  for (int i = 0; i < VW; i++) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

enum Unary { NEG, EXP, LOG, SQRT, RSQRT, SQUARE, RECIPROCAL, ABS, SIGN, TANH, SIGMOID, LOG_SIGMOID, ERF, RELU };

static void unary(Call& call) {
  const int op = call.integer();
  const long n = call.integer();
  const int handle = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  const vf one = splat(1.f), zero = splat(0.f);
  switch (op) {
    case NEG: return map1(n, x, y, [](vf v) { return -v; });
    case EXP: return map_each(n, x, y, [](float v) { return std::exp(v); });
    case LOG: return map_each(n, x, y, [](float v) { return std::log(v); });
    case SQRT: return map1(n, x, y, [](vf v) { return vsqrt(v); });
    case RSQRT: return map1(n, x, y, [=](vf v) { return one / vsqrt(v); });
    case SQUARE: return map1(n, x, y, [](vf v) { return v * v; });
    case RECIPROCAL: return map1(n, x, y, [=](vf v) { return one / v; });
    case ABS: return map_each(n, x, y, [](float v) { return std::fabs(v); });
    case SIGN: return map_each(n, x, y, [](float v) { return v > 0 ? 1.f : v < 0 ? -1.f : v; });
    case TANH: return map_each(n, x, y, [](float v) { return std::tanh(v); });
    case SIGMOID: return map_each(n, x, y, [](float v) { return v >= 0 ? 1 / (1 + std::exp(-v)) : std::exp(v) / (1 + std::exp(v)); });
    case LOG_SIGMOID: return map_each(n, x, y, [](float v) { return (v < 0 ? v : 0.f) - std::log1p(std::exp(-std::fabs(v))); });
    case ERF: return map1(n, x, y, [](vf v) { return verf(v); });
    case RELU: return map_each(n, x, y, [](float v) { return v > 0 || v != v ? v : 0.f; });
  }
  (void)zero;
}

enum Binary { ADD, SUB, MUL, DIV, MAX, MIN, POW, GREATER, EQUAL };

INLINE float either_nan(float a, float b, float other) { return a != a ? a : b != b ? b : other; }
template <class F>
static void binary_rows(Call& call, int rank, const int* dims, const int* sa, const int* sb, const float* a, const float* b, float* y, const F& f) {
  const long inner = dims[rank - 1], da = sa[rank - 1], db = sb[rank - 1];
  long outer = 1;
  for (int d = 0; d < rank - 1; d++) outer *= dims[d];
  auto rows = [&](long from, long to) {
    for (long r = from; r < to; r++) {
      long rest = r, ia = 0, ib = 0;
      for (int d = rank - 2; d >= 0; d--) {
        ia += rest % dims[d] * sa[d];
        ib += rest % dims[d] * sb[d];
        rest /= dims[d];
      }
      const float *pa = a + ia, *pb = b + ib;
      float* to_row = y + r * inner;
      if (da == 1 && db == 1) for (long i = 0; i < inner; i++) to_row[i] = f(pa[i], pb[i]);
      else if (da == 1 && db == 0) for (long i = 0; i < inner; i++) to_row[i] = f(pa[i], pb[0]);
      else for (long i = 0; i < inner; i++) to_row[i] = f(pa[i * da], pb[i * db]);
    }
  };
  if (outer == 1) {  // one long row: cut it
    ranges(inner, VW, GRAIN, [&](long from, long to) {
      if (da == 1 && db == 1) for (long i = from; i < to; i++) y[i] = f(a[i], b[i]);
      else for (long i = from; i < to; i++) y[i] = f(a[i * da], b[i * db]);
    });
  } else ranges(outer, 1, GRAIN / (inner < GRAIN ? inner : GRAIN), rows);
}

/** Broadcasting by strides: a stride of 0 repeats. Dimensions that can be joined were joined by the caller. */
static void binary(Call& call) {
  const int op = call.integer(), rank = call.integer();
  int dims[MOST_AXES], sa[MOST_AXES], sb[MOST_AXES];
  long n = 1;
  for (int d = 0; d < rank; d++) n *= dims[d] = call.integer();
  for (int d = 0; d < rank; d++) sa[d] = call.integer();
  for (int d = 0; d < rank; d++) sb[d] = call.integer();
  const int ha = call.integer(), hb = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float *a = call.arena.floats(ha), *b = call.arena.floats(hb);
  auto run = [&](const auto& f) { binary_rows(call, rank, dims, sa, sb, a, b, y, f); };
  switch (op) {
    case ADD: return run([](float p, float q) { return p + q; });
    case SUB: return run([](float p, float q) { return p - q; });
    case MUL: return run([](float p, float q) { return p * q; });
    case DIV: return run([](float p, float q) { return p / q; });
    case MAX: return run([](float p, float q) { return either_nan(p, q, p > q ? p : q); });
    case MIN: return run([](float p, float q) { return either_nan(p, q, p < q ? p : q); });
    case POW: return run([](float p, float q) { return std::pow(p, q); });
    case GREATER: return run([](float p, float q) { return p > q ? 1.f : 0.f; });
    case EQUAL: return run([](float p, float q) { return p == q ? 1.f : 0.f; });
  }
}

static void affine(Call& call) {
  const long n = call.integer();
  const int handle = call.integer();
  const vf scale = splat((float)call.number()), shift = splat((float)call.number());
  float* y = call.make(n);
  if (!call.out_of_memory) map1(n, call.arena.floats(handle), y, [=](vf v) { return v * scale + shift; });
}

static void choose(Call& call) {
  const long n = call.integer();
  const int hc = call.integer(), ha = call.integer(), hb = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float *c = call.arena.floats(hc), *a = call.arena.floats(ha), *b = call.arena.floats(hb);
  for (long i = 0; i < n; i++) y[i] = c[i] != 0 ? a[i] : b[i];
}

static void cast(Call& call) {
  const bool to_whole = call.integer();
  const long n = call.integer();
  const int handle = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  if (to_whole) for (long i = 0; i < n; i++) ((int32_t*)y)[i] = (int32_t)call.arena.floats(handle)[i];
  else for (long i = 0; i < n; i++) y[i] = (float)call.arena.ints(handle)[i];
}

static void fill(Call& call) {
  const bool whole = call.integer();
  const long n = call.integer();
  float* x = call.floats();
  const double value = call.number();
  if (whole) for (long i = 0; i < n; i++) ((int32_t*)x)[i] = (int32_t)value;
  else for (long i = 0; i < n; i++) x[i] = (float)value;
}
static void accumulate(Call& call) {
  const long n = call.integer();
  float* target = call.floats();
  const float* source = call.floats();
  const vf scale = splat((float)call.number());
  map2(n, target, source, target, [=](vf t, vf s) { return s * scale + t; });
}
static void scale(Call& call) {
  const long n = call.integer();
  float* target = call.floats();
  const vf factor = splat((float)call.number());
  map1(n, target, target, [=](vf t) { return t * factor; });
}
static void copy(Call& call) {
  const long n = call.integer(), from = call.integer(), to = call.integer();
  const float* source = call.floats();
  float* target = call.floats();
  memmove(target + to, source + from, (size_t)n * 4);
}

/** GELU, exact: x·Φ(x), or with tanh: x·σ(2u), u = √(2/π)(x + 0.044715 x³). Hendrycks and Gimpel 2016. */
static const float ROOT = 0.7978845608028654f, CUBIC = 0.044715f;
template <class F>
static void row(const float* x, float* y, long n, const F& value) {
  long i = 0;
  for (; i + VW <= n; i += VW) store(y + i, value(load(x + i)));
  if (i < n) store_part(y + i, value(load_part(x + i, (int)(n - i))), (int)(n - i));
}
static void gelu_tanh(const float* x, float* y, long n) {
  row(x, y, n, [](vf v) {
    const vf u = splat(2 * ROOT) * v * (splat(1.f) + splat(CUBIC) * v * v);
    return v / (splat(1.f) + vexp(-u));
  });
}
/** Φ, the distribution function of N(0, 1). */
INLINE vf cumulative(vf x) { return splat(0.5f) * (splat(1.f) + verf(x * splat(0.70710678118654752f))); }
static void gelu_erf(const float* x, float* y, long n) {
  row(x, y, n, [](vf v) { return v * cumulative(v); });
}
static void gelu(Call& call) {
  const bool exact = call.integer();
  const long n = call.integer();
  const int handle = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  ranges(n, VW, GRAIN, [&](long from, long to) { (exact ? gelu_erf : gelu_tanh)(x + from, y + from, to - from); });
}
static void gelu_backward(Call& call) {
  const bool exact = call.integer();
  const long n = call.integer();
  const int hx = call.integer(), hd = call.integer();
  float* dx = call.make(n);
  if (call.out_of_memory) return;
  const float *x = call.arena.floats(hx), *dy = call.arena.floats(hd);
  if (exact) return map2(n, x, dy, dx, [](vf v, vf d) { return d * (cumulative(v) + v * splat(0.3989422804014327f) * vexp(splat(-0.5f) * v * v)); });
  map2(n, x, dy, dx, [](vf v, vf d) {
    const vf one = splat(1.f), square = v * v;
    const vf s = one / (one + vexp(-(splat(2 * ROOT) * v * (one + splat(CUBIC) * square))));
    const vf slope = splat(2 * ROOT) * (one + splat(3 * CUBIC) * square);
    return d * (s + v * s * (one - s) * slope);
  });
}

}  // namespace
