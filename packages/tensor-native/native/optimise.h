// The optimiser's kernels: AdamW in one pass over parameter, gradient and both moments; the squared norm for clipping.
#pragma once
#include "elementwise.h"

namespace {  // one copy per instruction set


/** Loshchilov and Hutter 2019, algorithm 2, with bias correction folded into the step and the root. */
static void adamw(Call& call) {
  const long n = call.integer();
  float *p = call.floats(), *m = call.floats(), *v = call.floats();
  const float* g = call.floats();
  const double lr = call.number(), beta1 = call.number(), beta2 = call.number(), epsilon = call.number(), decay = call.number(), step = call.number(), factor = call.number();
  const vf b1 = splat((float)beta1), a1 = splat((float)(1 - beta1)), b2 = splat((float)beta2), a2 = splat((float)(1 - beta2));
  const vf rate = splat((float)(lr / (1 - std::pow(beta1, step)))), root = splat((float)(1 / std::sqrt(1 - std::pow(beta2, step)))), eps = splat((float)epsilon);
  const vf keep = splat((float)(1 - lr * decay)), scale = splat((float)factor);
  auto update = [&](vf& pv, vf& mv, vf& vv, vf gv) {
    gv *= scale;
    mv = b1 * mv + a1 * gv;
    vv = b2 * vv + a2 * (gv * gv);
    pv = pv * keep - rate * (mv / (vsqrt(vv) * root + eps));
  };
  ranges(n, VW, GRAIN, [&](long from, long to) {
    long i = from;
    for (; i + VW <= to; i += VW) {
      vf pv = load(p + i), mv = load(m + i), vv = load(v + i);
      update(pv, mv, vv, load(g + i));
      store(p + i, pv);
      store(m + i, mv);
      store(v + i, vv);
    }
    if (i < to) {
      const int rest = (int)(to - i);
      vf pv = load_part(p + i, rest), mv = load_part(m + i, rest), vv = load_part(v + i, rest);
      update(pv, mv, vv, load_part(g + i, rest));
      store_part(p + i, pv, rest);
      store_part(m + i, mv, rest);
      store_part(v + i, vv, rest);
    }
  });
}

/** Σ x² in double, over chunks of a fixed size whose sums are added in order. The result is number 0. */
static void squared_norm(Call& call) {
  const long n = call.integer();
  const float* x = call.floats();
  constexpr long chunk = 32768;
  const long count = (n + chunk - 1) / chunk;
  double* sums = call.room<double>(count);
  if (call.out_of_memory) return;
  ranges(count, 1, 1, [&](long from, long to) {
    for (long k = from; k < to; k++) {
      double lanes[8] = {};
      const long end = (k + 1) * chunk < n ? (k + 1) * chunk : n;
      long i = k * chunk;
      for (; i + 8 <= end; i += 8) for (int j = 0; j < 8; j++) lanes[j] += (double)x[i + j] * x[i + j];
      for (; i < end; i++) lanes[0] += (double)x[i] * x[i];
      sums[k] = 0;
      for (double s : lanes) sums[k] += s;
    }
  });
  double total = 0;
  for (long k = 0; k < count; k++) total += sums[k];
  call.numbers[0] = total;
}

}  // namespace
