// SiLU (Elfwing et al. 2018) and gated linear units (Shazeer 2020): activation(gate)·up over rows of the gate's F columns, then as many of up.
#pragma once
#include "elementwise.h"
#include "walk.h"

namespace {  // one copy per instruction set


INLINE vf vsigmoid(vf x) { return splat(1.f) / (splat(1.f) + vexp(-x)); }

/** An activation and its slope, of vectors. */
struct Silu {
  INLINE vf value(vf x) { return x * vsigmoid(x); }
  INLINE vf slope(vf x) {
    const vf one = splat(1.f), s = vsigmoid(x);
    return s * (one + x * (one - s));
  }
};
/** x·σ(2u), u = √(2/π)(x + 0.044715 x³). */
struct GeluTanh {
  INLINE vf gate(vf x) { return vsigmoid(splat(2 * ROOT) * x * (splat(1.f) + splat(CUBIC) * x * x)); }
  INLINE vf value(vf x) { return x * gate(x); }
  INLINE vf slope(vf x) {
    const vf one = splat(1.f), s = gate(x);
    return s + x * s * (one - s) * (splat(2 * ROOT) * (one + splat(3 * CUBIC) * x * x));
  }
};
/** x·Φ(x). */
struct GeluErf {
  INLINE vf value(vf x) { return x * cumulative(x); }
  INLINE vf slope(vf x) { return cumulative(x) + x * splat(0.3989422804014327f) * vexp(splat(-0.5f) * x * x); }
};
/** A NaN stays one. */
struct Relu {
  INLINE vf value(vf x) { return select((x > 0) | (x != x), x, vf{}); }
  INLINE vf slope(vf x) { return select(x > 0, splat(1.f), vf{}); }
};

static void silu(Call& call) {
  const long n = call.integer();
  const int handle = call.integer();
  float* y = call.make(n);
  if (!call.out_of_memory) map1(n, call.arena.floats(handle), y, [](vf x) { return Silu::value(x); });
}
static void silu_backward(Call& call) {
  const long n = call.integer();
  const int hx = call.integer(), hd = call.integer();
  float* dx = call.make(n);
  if (!call.out_of_memory) map2(n, call.arena.floats(hx), call.arena.floats(hd), dx, [](vf x, vf d) { return d * Silu::slope(x); });
}

/** In the order of GATED in kernels.ts. */
enum Gated { GATED_SILU, GATED_GELU_ERF, GATED_GELU_TANH, GATED_RELU };
template <class F>
static void with_activation(int kind, const F& run) {
  switch (kind) {
    case GATED_SILU: return run(Silu{});
    case GATED_GELU_ERF: return run(GeluErf{});
    case GATED_GELU_TANH: return run(GeluTanh{});
    case GATED_RELU: return run(Relu{});
  }
}

static void gated(Call& call) {
  const int kind = call.integer();
  const long rows = call.integer(), columns = call.integer();
  const int handle = call.integer();
  float* y = call.make(rows * columns);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  with_activation(kind, [&](auto activation) {
    ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
      for (long r = from; r < to; r++) {
        const float *gate = x + 2 * r * columns, *up = gate + columns;
        float* out = y + r * columns;
        walk(0, columns, [&](long c, auto n) { store_part(out + c, activation.value(load_part(gate + c, n)) * load_part(up + c, n), n); });
      }
    });
  });
}

/** dx: dy·up·activation′(gate), then dy·activation(gate). */
static void gated_backward(Call& call) {
  const int kind = call.integer();
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hd = call.integer();
  float* dx = call.make(2 * rows * columns);
  if (call.out_of_memory) return;
  const float *x = call.arena.floats(hx), *dy = call.arena.floats(hd);
  with_activation(kind, [&](auto activation) {
    ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
      for (long r = from; r < to; r++) {
        const float *gate = x + 2 * r * columns, *up = gate + columns, *d = dy + r * columns;
        float *d_gate = dx + 2 * r * columns, *d_up = d_gate + columns;
        walk(0, columns, [&](long c, auto n) {
          const vf g = load_part(gate + c, n), upstream = load_part(d + c, n);
          store_part(d_gate + c, upstream * load_part(up + c, n) * activation.slope(g), n);
          store_part(d_up + c, upstream * activation.value(g), n);
        });
      }
    });
  });
}

}  // namespace
