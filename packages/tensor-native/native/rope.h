// Rotary positions (Su et al. 2021, eq. 34): each pair (a, b) of a head's dimensions becomes (a·cos − b·sin, b·cos + a·sin).
// Pairs are halves of the rotated dimensions (i, i + R/2) or neighbours (2i, 2i + 1).
#pragma once
#include "elementwise.h"
#include "walk.h"

namespace {  // one copy per instruction set


static void rope(Call& call) {
  const long rows = call.integer(), table_rows = call.integer(), heads = call.integer(), rotated = call.integer(), size = call.integer(), rotary = call.integer();
  const bool interleaved = call.integer();
  const float sign = call.integer() ? -1.f : 1.f;
  const int hx = call.integer(), ht = call.integer();
  const long width = heads * size, half = rotary / 2;
  float* y = call.make(rows * width);
  if (call.out_of_memory) return;
  const float *x = call.arena.floats(hx), *table = call.arena.floats(ht);
  ranges(rows, 1, GRAIN / (width < GRAIN ? width : GRAIN), [&](long from, long to) {
    for (long r = from; r < to; r++) {
      const float *cos = table + r % table_rows * rotary, *sin = cos + half;
      for (long h = 0; h < rotated; h++) {
        const float* in = x + r * width + h * size;
        float* out = y + r * width + h * size;
        if (interleaved) {
          for (long i = 0; i < half; i++) {
            const float a = in[2 * i], b = in[2 * i + 1], s = sign * sin[i];
            out[2 * i] = a * cos[i] - b * s;
            out[2 * i + 1] = b * cos[i] + a * s;
          }
        } else {
          walk(0, half, [&](long i, auto n) {
            const vf a = load_part(in + i, n), b = load_part(in + half + i, n), c = load_part(cos + i, n), s = splat(sign) * load_part(sin + i, n);
            store_part(out + i, a * c - b * s, n);
            store_part(out + half + i, b * c + a * s, n);
          });
        }
        memcpy(out + rotary, in + rotary, (size_t)(size - rotary) * 4);
      }
      memcpy(y + r * width + rotated * size, x + r * width + rotated * size, (size_t)((heads - rotated) * size) * 4);
    }
  });
}

}  // namespace
