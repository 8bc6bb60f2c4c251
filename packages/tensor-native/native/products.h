// Matrix products: batched with all transposes, and the linear layer with its bias.
#pragma once
#include "rows.h"

namespace {  // one copy per instruction set


/** Small batches are cut by batch, large products inside. */
static void matmul(Call& call) {
  const long batch = call.integer(), m = call.integer(), n = call.integer(), k = call.integer();
  const bool ta = call.integer(), tb = call.integer(), shared = call.integer();
  const int ha = call.integer(), hb = call.integer(), into = call.integer();
  float* c = into < 0 ? call.make(batch * m * n) : call.arena.floats(into);
  if (call.out_of_memory) return;
  const float *a = call.arena.floats(ha), *b = call.arena.floats(hb);
  const bool add = into >= 0;
  auto one = [&](long s, bool alone) {
    const Matrix A = ta ? Matrix{a + s * m * k, 1, m} : Matrix{a + s * m * k, k, 1};
    const float* bs = shared ? b : b + s * k * n;
    const Matrix B = tb ? Matrix{bs, 1, k} : Matrix{bs, n, 1};
    (alone ? gemm_alone : gemm)(m, n, k, A, B, c + s * m * n, n, add, Finish{});
  };
  if (batch >= pool_threads() * 2) ranges(batch, 1, 1, [&](long from, long to) { for (long s = from; s < to; s++) one(s, true); });
  else for (long s = 0; s < batch; s++) one(s, false);
}

/** y = x·Wᵀ + b; W is (outputs, inputs). With `activate`, an activation of y beside it, while each tile is in the inner cache. */
static void linear_with(Call& call, void (*activate)(const float*, float*, long)) {
  const long rows = call.integer(), inputs = call.integer(), outputs = call.integer();
  const int hx = call.integer(), hw = call.integer(), hb = call.integer();
  float* y = call.make(rows * outputs);
  float* activated = activate ? call.make(rows * outputs) : nullptr;
  if (call.out_of_memory) return;
  const Finish finish = {hb < 0 ? nullptr : call.arena.floats(hb), activate, activated};
  gemm(rows, outputs, inputs, {call.arena.floats(hx), inputs, 1}, {call.arena.floats(hw), 1, inputs}, y, outputs, false, finish);
}
static void linear(Call& call) { linear_with(call, nullptr); }
static void linear_gelu(Call& call) {
  const bool exact = call.integer();
  linear_with(call, exact ? gelu_erf : gelu_tanh);
}

}  // namespace
