// Layer normalisation (Ba et al. 2016): y = (x − mean)/√(var + ε) · w + b over each row.
#pragma once
#include "rows.h"

namespace {  // one copy per instruction set


static void layer_norm(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hw = call.integer(), hb = call.integer();
  const float epsilon = (float)call.number();
  call.make(rows * columns);
  call.make(rows);
  call.make(rows);
  if (call.out_of_memory) return;
  float *y = call.arena.floats(call.ints[0]), *means = call.arena.floats(call.ints[1]), *rstds = call.arena.floats(call.ints[2]);
  const float *x = call.arena.floats(hx), *w = call.arena.floats(hw), *b = hb < 0 ? nullptr : call.arena.floats(hb);
  ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float* in = x + r * columns;
      float* out = y + r * columns;
      const long whole = columns / VW * VW;
      const int rest = (int)(columns - whole);
      vf sum = vf{};
      for (long c = 0; c < whole; c += VW) sum += load(in + c);
      if (rest) sum += load_part(in + whole, rest);
      const float mean = sum_of(sum) / columns;
      const vf centre = splat(mean);
      vf squares = vf{};
      for (long c = 0; c < whole; c += VW) {
        const vf d = load(in + c) - centre;
        squares = d * d + squares;
      }
      if (rest) {
        const vf d = load_part(in + whole, rest, mean) - centre;
        squares = d * d + squares;
      }
      const float rstd = 1 / std::sqrt(sum_of(squares) / columns + epsilon);
      means[r] = mean;
      rstds[r] = rstd;
      const vf factor = splat(rstd);
      for (long c = 0; c < whole; c += VW) store(out + c, (load(in + c) - centre) * factor * load(w + c) + (b ? load(b + c) : vf{}));
      if (rest) store_part(out + whole, (load_part(in + whole, rest) - centre) * factor * load_part(w + whole, rest) + (b ? load_part(b + whole, rest) : vf{}), rest);
    }
  });
}

/** dx; dw and db are added to. With x̂ = (x − mean)·rstd and g = dy·w: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)). */
static void layer_norm_backward(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hw = call.integer(), hd = call.integer(), hm = call.integer(), hr = call.integer(), hdw = call.integer(), hdb = call.integer();
  float* dx = call.make(rows * columns);
  if (call.out_of_memory) return;
  const float *x = call.arena.floats(hx), *w = call.arena.floats(hw), *dy = call.arena.floats(hd), *means = call.arena.floats(hm), *rstds = call.arena.floats(hr);
  ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float *in = x + r * columns, *d = dy + r * columns;
      float* out = dx + r * columns;
      const vf mean = splat(means[r]), rstd = splat(rstds[r]);
      const long whole = columns / VW * VW;
      const int rest = (int)(columns - whole);
      vf sum = vf{}, products = vf{};
      auto gather = [&](vf xv, vf dv, vf wv) {
        const vf g = dv * wv;
        sum += g;
        products = g * ((xv - mean) * rstd) + products;
      };
      for (long c = 0; c < whole; c += VW) gather(load(in + c), load(d + c), load(w + c));
      if (rest) gather(load_part(in + whole, rest), load_part(d + whole, rest), load_part(w + whole, rest));
      const vf a = splat(sum_of(sum) / columns), p = splat(sum_of(products) / columns);
      auto result = [&](vf xv, vf dv, vf wv) { return rstd * (dv * wv - a - (xv - mean) * rstd * p); };
      for (long c = 0; c < whole; c += VW) store(out + c, result(load(in + c), load(d + c), load(w + c)));
      if (rest) store_part(out + whole, result(load_part(in + whole, rest), load_part(d + whole, rest), load_part(w + whole, rest)), rest);
    }
  });
  if (hdw < 0 && hdb < 0) return;
  float *dw = hdw < 0 ? nullptr : call.arena.floats(hdw), *db = hdb < 0 ? nullptr : call.arena.floats(hdb);
  ranges(columns, 16, rows * columns < GRAIN ? columns : 0, [&](long from, long to) {
    constexpr long width = 64;
    for (long c0 = from; c0 < to; c0 += width) {
      const long n = to - c0 < width ? to - c0 : width;
      float sw[width] = {}, sb[width] = {};
      for (long r = 0; r < rows; r++) {
        const float *in = x + r * columns + c0, *d = dy + r * columns + c0;
        const float mean = means[r], rstd = rstds[r];
        for (long c = 0; c < n; c++) {
          sw[c] += d[c] * ((in[c] - mean) * rstd);
          sb[c] += d[c];
        }
      }
      for (long c = 0; c < n; c++) {
        if (dw) dw[c0 + c] += sw[c];
        if (db) db[c0 + c] += sb[c];
      }
    }
  });
}

}  // namespace
