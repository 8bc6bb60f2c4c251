// tanh of vectors, for the cap on attention scores (Gemma 2).
#pragma once
#include "simd.h"

namespace {  // one copy per instruction set


/** tanh to about one unit in the last place: an odd polynomial below 0.625 (Cephes tanhf), 1 − 2/(e^2|x| + 1) above. */
INLINE vf vtanh(vf x) {
  const vf one = splat(1.f), size = vmax(x, -x), square = x * x;
  vf p = splat(-5.70498872745e-3f);
  p = p * square + splat(2.06390887954e-2f);
  p = p * square + splat(-5.37397155531e-2f);
  p = p * square + splat(1.33314422036e-1f);
  p = p * square + splat(-3.33332819422e-1f);
  const vf near = p * square * x + x;
  const vf far = one - splat(2.f) / (vexp(size + size) + one);
  return select(size < splat(0.625f), near, select(x < 0, -far, far));
}

}  // namespace
