// Lion (Chen et al. 2023, algorithm 2) in one pass over parameter, momentum and gradient.
#pragma once
#include "elementwise.h"
#include "walk.h"

namespace {  // one copy per instruction set


static void lion(Call& call) {
  const long n = call.integer();
  float *p = call.floats(), *m = call.floats();
  const float* g = call.floats();
  const double lr = call.number(), beta1 = call.number(), beta2 = call.number(), decay = call.number(), factor = call.number();
  const vf b1 = splat((float)beta1), a1 = splat((float)(1 - beta1)), b2 = splat((float)beta2), a2 = splat((float)(1 - beta2));
  const vf keep = splat((float)(1 - lr * decay)), rate = splat((float)lr), scale = splat((float)factor);
  ranges(n, VW, GRAIN, [&](long from, long to) {
    walk(from, to, [&](long i, auto lanes) {
      const vf gv = load_part(g + i, lanes) * scale, mv = load_part(m + i, lanes), mixed = b1 * mv + a1 * gv;
      // sign, of which 0 and NaN stay themselves
      const vf direction = select(mixed > 0, rate, select(mixed < 0, -rate, mixed));
      store_part(p + i, load_part(p + i, lanes) * keep - direction, lanes);
      store_part(m + i, b2 * mv + a2 * gv, lanes);
    });
  });
}

}  // namespace
