// Kernels over rows and axes: reductions, softmax, gathers, strided copies. Sums run in one order, in double where they may be long.
#pragma once
#include "elementwise.h"

namespace {  // one copy per instruction set


enum Reduce { SUM, RMAX, RMIN };

/** x (outer, axis, inner) -> (outer, inner). */
static void reduce(Call& call) {
  const int op = call.integer();
  const long outer = call.integer(), axis = call.integer(), inner = call.integer();
  const int handle = call.integer();
  float* y = call.make(outer * inner);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  auto columns = [&](long o, long from, long to) {
    const float* base = x + o * axis * inner;
    constexpr long width = 256;
    for (long c0 = from; c0 < to; c0 += width) {
      const long w = to - c0 < width ? to - c0 : width;
      double sums[width];
      float best[width];
      for (long c = 0; c < w; c++) sums[c] = 0, best[c] = base[c0 + c];
      for (long a = 0; a < axis; a++) {
        const float* row = base + a * inner + c0;
        if (op == SUM) for (long c = 0; c < w; c++) sums[c] += row[c];
        else if (op == RMAX) for (long c = 0; c < w; c++) best[c] = row[c] > best[c] || row[c] != row[c] ? row[c] : best[c];
        else for (long c = 0; c < w; c++) best[c] = row[c] < best[c] || row[c] != row[c] ? row[c] : best[c];
      }
      for (long c = 0; c < w; c++) y[o * inner + c0 + c] = op == SUM ? (float)sums[c] : best[c];
    }
  };
  auto along = [&](long from, long to) {  // inner is 1: eight sums side by side, added up in order
    for (long o = from; o < to; o++) {
      const float* row = x + o * axis;
      if (op == SUM) {
        double sums[8] = {};
        long a = 0;
        for (; a + 8 <= axis; a += 8) for (int j = 0; j < 8; j++) sums[j] += row[a + j];
        for (; a < axis; a++) sums[a % 8] += row[a];
        double total = 0;
        for (double s : sums) total += s;
        y[o] = (float)total;
      } else {
        float best = row[0];
        for (long a = 1; a < axis; a++) best = row[a] != row[a] || (op == RMAX ? row[a] > best : row[a] < best) ? row[a] : best;
        y[o] = best;
      }
    }
  };
  if (inner == 1) ranges(outer, 1, GRAIN / (axis < GRAIN ? axis : GRAIN), along);
  else if (outer == 1) ranges(inner, 16, axis * inner < GRAIN ? inner : 0, [&](long from, long to) { columns(0, from, to); });
  else ranges(outer, 1, outer * axis * inner < GRAIN ? outer : 0, [&](long from, long to) { for (long o = from; o < to; o++) columns(o, 0, inner); });
}

static float row_max(const float* x, long n) {
  vf best = splat(-INFINITY);
  long i = 0;
  for (; i + VW <= n; i += VW) best = vmax(load(x + i), best);
  if (i < n) best = vmax(load_part(x + i, (int)(n - i), -INFINITY), best);
  return max_of(best);
}
/** y = e^(x − m) where y is given, and the sum. */
static float row_exp(const float* x, float* y, long n, float m) {
  vf sum = vf{};
  const vf top = splat(m);
  long i = 0;
  for (; i + VW <= n; i += VW) {
    const vf e = vexp(load(x + i) - top);
    if (y) store(y + i, e);
    sum += e;
  }
  if (i < n) {
    const vf e = vexp(load_part(x + i, (int)(n - i), -INFINITY) - top);
    if (y) store_part(y + i, e, (int)(n - i));
    sum += e;
  }
  return sum_of(sum);
}

static void softmax(Call& call) {
  const bool logarithm = call.integer();
  const long rows = call.integer(), columns = call.integer();
  const int handle = call.integer();
  float* y = call.make(rows * columns);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  ranges(rows, 1, GRAIN / (columns < GRAIN ? columns : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float* in = x + r * columns;
      float* out = y + r * columns;
      const float m = row_max(in, columns), sum = row_exp(in, logarithm ? nullptr : out, columns, m);
      if (logarithm) {
        const float rest = std::log(sum);  // taken away by itself: beside a large m it would be rounded off
        for (long c = 0; c < columns; c++) out[c] = in[c] - m - rest;
      } else {
        const float factor = 1 / sum;
        for (long c = 0; c < columns; c++) out[c] *= factor;
      }
    }
  });
}
static void argmax(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int handle = call.integer();
  int32_t* y = (int32_t*)call.make(rows);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle);
  for (long r = 0; r < rows; r++) {
    const float* row = x + r * columns;
    long best = 0;
    for (long c = 1; c < columns; c++) if (row[c] > row[best]) best = c;
    y[r] = (int32_t)best;
  }
}
static void pick(Call& call) {
  const long rows = call.integer(), columns = call.integer();
  const int hx = call.integer(), hi = call.integer();
  float* y = call.make(rows);
  if (call.out_of_memory) return;
  for (long r = 0; r < rows; r++) y[r] = call.arena.floats(hx)[r * columns + call.arena.ints(hi)[r]];
}
static void gather_rows(Call& call) {
  const long rows = call.integer(), width = call.integer();
  const int ht = call.integer(), hi = call.integer();
  float* y = call.make(rows * width);
  if (call.out_of_memory) return;
  for (long r = 0; r < rows; r++) memcpy(y + r * width, call.arena.floats(ht) + (long)call.arena.ints(hi)[r] * width, (size_t)width * 4);
}
/** In the order of rows; threads take columns. */
static void scatter_add_rows(Call& call) {
  const long rows = call.integer(), width = call.integer();
  float* target = call.floats();
  const int32_t* ids = call.whole();
  const float* from_rows = call.floats();
  ranges(width, 16, rows * width < GRAIN ? width : 0, [&](long from, long to) {
    for (long r = 0; r < rows; r++) {
      float* t = target + (long)ids[r] * width;
      const float* s = from_rows + r * width;
      for (long c = from; c < to; c++) t[c] += s[c];
    }
  });
}

/** A dense array of the given dimensions, read with any strides from an offset: transposes and slices. */
static void strided(Call& call) {
  const int rank = call.integer();
  int dims[MOST_AXES], strides[MOST_AXES];
  long n = 1;
  for (int d = 0; d < rank; d++) n *= dims[d] = call.integer();
  for (int d = 0; d < rank; d++) strides[d] = call.integer();
  const long offset = call.integer();
  const int handle = call.integer();
  float* y = call.make(n);
  if (call.out_of_memory) return;
  const float* x = call.arena.floats(handle) + offset;
  const long inner = dims[rank - 1], step = strides[rank - 1];
  ranges(n / inner, 1, GRAIN / (inner < GRAIN ? inner : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      long rest = r, at = 0;
      for (int d = rank - 2; d >= 0; d--) {
        at += rest % dims[d] * strides[d];
        rest /= dims[d];
      }
      if (step == 1) memcpy(y + r * inner, x + at, (size_t)inner * 4);
      else for (long i = 0; i < inner; i++) y[r * inner + i] = x[at + i * step];
    }
  });
}
/** Parts (outer, nᵢ) side by side: (outer, Σ nᵢ). */
static void concat(Call& call) {
  const int parts = call.integer();
  const long outer = call.integer();
  long widths[MOST_PARTS], total = 0;
  int handles[MOST_PARTS];
  for (int p = 0; p < parts; p++) total += widths[p] = call.integer();
  for (int p = 0; p < parts; p++) handles[p] = call.integer();
  float* y = call.make(outer * total);
  if (call.out_of_memory) return;
  long at = 0;
  for (int p = 0; p < parts; p++) {
    for (long o = 0; o < outer; o++) memcpy(y + o * total + at, call.arena.floats(handles[p]) + o * widths[p], (size_t)widths[p] * 4);
    at += widths[p];
  }
}

}  // namespace
