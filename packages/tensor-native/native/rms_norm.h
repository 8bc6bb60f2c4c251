// RMS normalisation (Zhang and Sennrich 2019): y = x/√(mean(x²) + ε) · (w + offset) over each row; w + offset is 1 where there is no w.
#pragma once
#include "rows.h"
#include "walk.h"

namespace {  // one copy per instruction set


static void rms_norm(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hw = call.integer();
  const vf offset = splat((float)call.integer());
  const float epsilon = (float)call.number();
  call.make(rows * columns);
  call.make(rows);
  if (call.out_of_memory) return;
  float *y = call.arena.floats(call.ints[0]), *rstds = call.arena.floats(call.ints[1]);
  const float *x = call.arena.floats(hx), *w = hw < 0 ? nullptr : call.arena.floats(hw);
  ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float* in = x + r * columns;
      float* out = y + r * columns;
      vf squares = vf{};
      walk(0, columns, [&](long c, auto n) {
        const vf v = load_part(in + c, n);
        squares = v * v + squares;
      });
      rstds[r] = 1 / std::sqrt(sum_of(squares) / columns + epsilon);
      const vf rstd = splat(rstds[r]);
      if (w) walk(0, columns, [&](long c, auto n) { store_part(out + c, load_part(in + c, n) * rstd * (load_part(w + c, n) + offset), n); });
      else walk(0, columns, [&](long c, auto n) { store_part(out + c, load_part(in + c, n) * rstd, n); });
    }
  });
}

/** dx; dw is added to. With x̂ = x·rstd and g = dy·(w + offset): dx = rstd·(g − x̂·mean(g·x̂)). */
static void rms_norm_backward(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hw = call.integer();
  const vf offset = splat((float)call.integer());
  const int hd = call.integer(), hr = call.integer(), hdw = call.integer();
  float* dx = call.make(rows * columns);
  if (call.out_of_memory) return;
  const float *x = call.arena.floats(hx), *w = hw < 0 ? nullptr : call.arena.floats(hw), *dy = call.arena.floats(hd), *rstds = call.arena.floats(hr);
  auto factor = [&](long c, auto n) { return w ? load_part(w + c, n) + offset : splat(1.f); };
  ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float *in = x + r * columns, *d = dy + r * columns;
      float* out = dx + r * columns;
      const vf rstd = splat(rstds[r]);
      vf products = vf{};
      walk(0, columns, [&](long c, auto n) { products = load_part(d + c, n) * factor(c, n) * (load_part(in + c, n) * rstd) + products; });
      const vf along = splat(sum_of(products) / columns);
      walk(0, columns, [&](long c, auto n) { store_part(out + c, rstd * (load_part(d + c, n) * factor(c, n) - load_part(in + c, n) * rstd * along), n); });
    }
  });
  if (hdw < 0) return;
  float* dw = call.arena.floats(hdw);
  ranges(columns, 16, rows * columns < GRAIN ? columns : 0, [&](long from, long to) {
    constexpr long width = 64;  // columns whose sums stay in registers
    for (long c0 = from; c0 < to; c0 += width) {
      const long n = to - c0 < width ? to - c0 : width;
      float sums[width] = {};
      for (long r = 0; r < rows; r++) {
        const float *in = x + r * columns + c0, *d = dy + r * columns + c0, rstd = rstds[r];
        for (long c = 0; c < n; c++) sums[c] += d[c] * (in[c] * rstd);
      }
      for (long c = 0; c < n; c++) dw[c0 + c] += sums[c];
    }
  });
}

}  // namespace
