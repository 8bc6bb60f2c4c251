// −log softmax(x·Wᵀ)[target] by tiles of the vocabulary, never the full logits, and only for scored rows.
// Every row meets the tiles in the same order, whatever the other rows are.
#pragma once
#include "products.h"

namespace {  // one copy per instruction set


static const long TILE = 1024, ROWS = 1024;

/** Rows whose target is scored, and their inputs side by side. */
struct Scored {
  int32_t* rows;
  float* x;
  long count = 0;
  Scored(Call& call, const float* all, const int32_t* targets, long all_rows, long inputs)
      : rows(call.room<int32_t>(all_rows)), x(call.room<float>(all_rows * inputs)) {
    if (call.out_of_memory) return;
    for (long r = 0; r < all_rows; r++) {
      if (targets[r] < 0) continue;
      memcpy(x + count * inputs, all + r * inputs, (size_t)inputs * 4);
      rows[count++] = (int32_t)r;
    }
  }
};

static void linear_cross_entropy(Call& call) {
  const long rows = call.integer(), inputs = call.integer(), outputs = call.integer();
  const int hx = call.integer(), hw = call.integer(), ht = call.integer();
  call.make(rows);
  call.make(rows);
  if (call.out_of_memory) return;
  float *loss = call.arena.floats(call.ints[0]), *lse = call.arena.floats(call.ints[1]);
  const float* w = call.arena.floats(hw);
  const int32_t* targets = call.arena.ints(ht);
  memset(loss, 0, (size_t)rows * 4);
  memset(lse, 0, (size_t)rows * 4);
  const Scored scored(call, call.arena.floats(hx), targets, rows, inputs);
  float *logits = call.room<float>(TILE * ROWS), *top = call.room<float>(ROWS), *sum = call.room<float>(ROWS), *at_target = call.room<float>(ROWS);
  if (call.out_of_memory) return;
  for (long r0 = 0; r0 < scored.count; r0 += ROWS) {
    const long n = scored.count - r0 < ROWS ? scored.count - r0 : ROWS;
    for (long i = 0; i < n; i++) top[i] = -INFINITY, sum[i] = 0, at_target[i] = 0;
    for (long v0 = 0; v0 < outputs; v0 += TILE) {
      const long width = outputs - v0 < TILE ? outputs - v0 : TILE;
      gemm(n, width, inputs, {scored.x + r0 * inputs, inputs, 1}, {w + v0 * inputs, 1, inputs}, logits, TILE, false);
      ranges(n, 1, 8, [&](long from, long to) {
        for (long i = from; i < to; i++) {
          const float* row = logits + i * TILE;
          const float m = row_max(row, width), higher = m > top[i] ? m : top[i];
          sum[i] = sum[i] * std::exp(top[i] - higher) + row_exp(row, nullptr, width, higher);
          top[i] = higher;
          const long target = targets[scored.rows[r0 + i]] - v0;
          if (target >= 0 && target < width) at_target[i] = row[target];
        }
      });
    }
    for (long i = 0; i < n; i++) {
      const long r = scored.rows[r0 + i];
      lse[r] = top[i] + std::log(sum[i]);
      loss[r] = top[i] - at_target[i] + std::log(sum[i]);  // not from lse, where a large logit rounds the rest off
    }
  }
}

/** dx; dW is added to where asked. The gradient of a row's logits is (softmax − one at the target) · dLoss. */
static void linear_cross_entropy_backward(Call& call) {
  const long rows = call.integer(), inputs = call.integer(), outputs = call.integer();
  const int hx = call.integer(), hw = call.integer(), ht = call.integer(), hl = call.integer(), hd = call.integer(), hdw = call.integer();
  float* dx = call.make(rows * inputs);
  if (call.out_of_memory) return;
  const float *w = call.arena.floats(hw), *lse = call.arena.floats(hl), *d_loss = call.arena.floats(hd);
  const int32_t* targets = call.arena.ints(ht);
  float* dw = hdw < 0 ? nullptr : call.arena.floats(hdw);
  memset(dx, 0, (size_t)(rows * inputs) * 4);
  const Scored scored(call, call.arena.floats(hx), targets, rows, inputs);
  float *d_scored = call.room<float>(rows * inputs), *g = call.room<float>(TILE * ROWS);
  if (call.out_of_memory) return;
  for (long r0 = 0; r0 < scored.count; r0 += ROWS) {
    const long n = scored.count - r0 < ROWS ? scored.count - r0 : ROWS;
    const float* x = scored.x + r0 * inputs;
    for (long v0 = 0; v0 < outputs; v0 += TILE) {
      const long width = outputs - v0 < TILE ? outputs - v0 : TILE;
      gemm(n, width, inputs, {x, inputs, 1}, {w + v0 * inputs, 1, inputs}, g, TILE, false);
      ranges(n, 1, 8, [&](long from, long to) {
        for (long i = from; i < to; i++) {
          const long r = scored.rows[r0 + i], target = targets[r] - v0;
          float* row = g + i * TILE;
          row_exp(row, row, width, lse[r]);
          if (target >= 0 && target < width) row[target] -= 1;
          for (long c = 0; c < width; c++) row[c] *= d_loss[r];
        }
      });
      gemm(n, inputs, width, {g, TILE, 1}, {w + v0 * inputs, inputs, 1}, d_scored + r0 * inputs, inputs, v0 > 0);
      if (dw) gemm(width, inputs, n, {g, 1, TILE}, {x, inputs, 1}, dw + v0 * inputs, inputs, true);
    }
  }
  for (long i = 0; i < scored.count; i++) memcpy(dx + scored.rows[i] * inputs, d_scored + i * inputs, (size_t)inputs * 4);
}

}  // namespace
