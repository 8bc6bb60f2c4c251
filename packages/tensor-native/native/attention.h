// Softmax attention without the T × T matrix: blocks of query rows against all their keys, one (sequence, head) a task
// (Vaswani et al. 2017, eq. 1; the backward pass recomputes the weights from log Σ exp, as in Dao et al. 2022).
// A row sees its keys in one order whether it is prefilled or decoded: keys behind its own position weigh exactly zero.
#pragma once
#include "rows.h"

namespace {  // one copy per instruction set


static const long QUERIES = 64;

/** Scratch of one thread, grown and kept. */
static float* scratch(size_t floats) {
  static thread_local float* data = nullptr;
  static thread_local size_t size = 0;
  if (floats > size) {
    free(data);
    if (posix_memalign((void**)&data, 64, floats * 4)) abort();
    size = floats;
  }
  return data;
}

/** What one head of one sequence reads; strides in floats. */
struct Head {
  const float *q, *k, *v;
  long q_step, kv_step;
  long queries, keys, size;
  /** Query row i may see keys 0 … i + past; without `causal` all keys. */
  long past;
  bool causal;
  /** Documents of query and key positions, or null. */
  const int32_t *q_documents, *k_documents;
  float scale;

  long seen(long row) const { return causal ? row + past + 1 : keys; }
  bool masked(long row, long key) const { return q_documents && (q_documents[row] < 0 || q_documents[row] != k_documents[key]); }
};

static long padded(long n) { return (n + 15) / 16 * 16; }

/** Scaled scores of `n` query rows from `first`, (n, width), masked to −∞. */
static long scores(const Head& head, long first, long n, float* s, long ld) {
  const long width = head.causal ? first + n + head.past : head.keys;
  gemm_alone(n, width, head.size, {head.q + first * head.q_step, head.q_step, 1}, {head.k, 1, head.kv_step}, s, ld, false);
  for (long i = 0; i < n; i++) {
    float* row = s + i * ld;
    const long seen = head.seen(first + i);
    for (long j = 0; j < seen; j++) row[j] = head.masked(first + i, j) ? -INFINITY : row[j] * head.scale;
    for (long j = seen; j < width; j++) row[j] = -INFINITY;
  }
  return width;
}

/** y (queries, size) with row step y_step; log Σ exp of each row where asked. */
static void attend(const Head& head, float* y, long y_step, float* log_sum_exp) {
  const long ld = padded(head.keys);
  float* s = scratch((size_t)(QUERIES * ld));
  for (long first = 0; first < head.queries; first += QUERIES) {
    const long n = head.queries - first < QUERIES ? head.queries - first : QUERIES;
    const long width = scores(head, first, n, s, ld);
    float factors[QUERIES];
    for (long i = 0; i < n; i++) {
      float* row = s + i * ld;
      const float m = row_max(row, width);
      if (m == -INFINITY) {  // padding: nothing to see
        for (long j = 0; j < width; j++) row[j] = 0;
        factors[i] = 0;
        if (log_sum_exp) log_sum_exp[first + i] = 0;
        continue;
      }
      const float sum = row_exp(row, row, width, m);
      factors[i] = 1 / sum;
      if (log_sum_exp) log_sum_exp[first + i] = m + std::log(sum);
    }
    gemm_alone(n, head.size, width, {s, ld, 1}, {head.v, head.kv_step, 1}, y + first * y_step, y_step, false);
    for (long i = 0; i < n; i++)
      for (long d = 0; d < head.size; d++) y[(first + i) * y_step + d] *= factors[i];
  }
}

struct Shape {
  long B, T, H, K, D;
  float scale;
  long step() const { return (H + 2 * K) * D; }
};
static Shape shape_of(Call& call) {
  Shape s;
  s.B = call.integer(), s.T = call.integer(), s.H = call.integer(), s.K = call.integer(), s.D = call.integer();
  s.scale = (float)call.number();
  return s;
}
static Head head_of(const Shape& s, const float* qkv, long b, long h, bool causal, const int32_t* documents) {
  const float* base = qkv + b * s.T * s.step();
  const long g = h / (s.H / s.K);
  const int32_t* own = documents ? documents + b * s.T : nullptr;
  return {base + h * s.D, base + (s.H + g) * s.D, base + (s.H + s.K + g) * s.D, s.step(), s.step(), s.T, s.T, s.D, 0, causal, own, own, s.scale};
}

static void attention(Call& call) {
  const Shape s = shape_of(call);
  const bool causal = call.integer();
  const int hq = call.integer(), hd = call.integer();
  call.make(s.B * s.T * s.H * s.D);
  call.make(s.B * s.H * s.T);
  if (call.out_of_memory) return;
  float *y = call.arena.floats(call.ints[0]), *lse = call.arena.floats(call.ints[1]);
  const float* qkv = call.arena.floats(hq);
  const int32_t* documents = hd < 0 ? nullptr : call.arena.ints(hd);
  tasks(s.B * s.H, [&](long t) {
    const long b = t / s.H, h = t % s.H;
    attend(head_of(s, qkv, b, h, causal, documents), y + b * s.T * s.H * s.D + h * s.D, s.H * s.D, lse + t * s.T);
  });
}

/** Writes the new keys and values behind what each slot holds, then attends over them. */
static void attention_cached(Call& call) {
  const Shape s = shape_of(call);
  const long capacity = call.integer();
  const int hq = call.integer(), hk = call.integer(), hv = call.integer(), slots_at = call.next_int;
  float* y = call.make(s.B * s.T * s.H * s.D);
  if (call.out_of_memory) return;
  const float* qkv = call.arena.floats(hq);
  float *keys = call.arena.floats(hk), *values = call.arena.floats(hv);
  const int32_t *slots = call.arena.ints(call.ints[slots_at]), *starts = slots + s.B;
  const long width = s.K * s.D;
  for (long b = 0; b < s.B; b++)
    for (long t = 0; t < s.T; t++) {
      const float* row = qkv + (b * s.T + t) * s.step() + s.H * s.D;
      const long to = ((long)slots[b] * capacity + starts[b] + t) * width;
      memcpy(keys + to, row, (size_t)width * 4);
      memcpy(values + to, row + width, (size_t)width * 4);
    }
  tasks(s.B * s.H, [&](long task) {
    const long b = task / s.H, h = task % s.H, g = h / (s.H / s.K), from = (long)slots[b] * capacity * width + g * s.D;
    const Head head = {qkv + b * s.T * s.step() + h * s.D, keys + from, values + from, s.step(), width, s.T, starts[b] + s.T, s.D, starts[b], true, nullptr, nullptr, s.scale};
    attend(head, y + b * s.T * s.H * s.D + h * s.D, s.H * s.D, nullptr);
  });
}

/** dqkv. With P the weights: dV = Pᵀ·dY, dS = P ∘ (dY·Vᵀ − rowsum(dY ∘ Y))·scale, dQ = dS·K, dK = dSᵀ·Q. A task owns one group's keys. */
static void attention_backward(Call& call) {
  const Shape s = shape_of(call);
  const bool causal = call.integer();
  const int hq = call.integer(), hd = call.integer(), hy = call.integer(), hdy = call.integer(), hl = call.integer();
  float* dqkv = call.make(s.B * s.T * s.step());
  if (call.out_of_memory) return;
  const float *qkv = call.arena.floats(hq), *y = call.arena.floats(hy), *dy = call.arena.floats(hdy), *lse = call.arena.floats(hl);
  const int32_t* documents = hd < 0 ? nullptr : call.arena.ints(hd);
  const long step = s.step(), out = s.H * s.D, group = s.H / s.K;
  tasks(s.B * s.K, [&](long t) {
    const long b = t / s.K, g = t % s.K;
    float *dk = dqkv + b * s.T * step + (s.H + g) * s.D, *dv = dk + s.K * s.D;
    for (long i = 0; i < s.T; i++) {
      memset(dk + i * step, 0, (size_t)s.D * 4);
      memset(dv + i * step, 0, (size_t)s.D * 4);
    }
    const long ld = padded(s.T);
    float *p = scratch((size_t)(2 * QUERIES * ld)), *ds = p + QUERIES * ld;
    for (long h = g * group; h < (g + 1) * group; h++) {
      const Head head = head_of(s, qkv, b, h, causal, documents);
      const float *yh = y + b * s.T * out + h * s.D, *dyh = dy + b * s.T * out + h * s.D, *l = lse + (b * s.H + h) * s.T;
      float* dq = dqkv + b * s.T * step + h * s.D;
      for (long first = 0; first < s.T; first += QUERIES) {
        const long n = s.T - first < QUERIES ? s.T - first : QUERIES;
        const long width = scores(head, first, n, p, ld);
        gemm_alone(n, width, s.D, {dyh + first * out, out, 1}, {head.v, 1, step}, ds, ld, false);
        for (long i = 0; i < n; i++) {
          const long row = first + i;
          float delta = 0;
          for (long d = 0; d < s.D; d++) delta += yh[row * out + d] * dyh[row * out + d];
          row_exp(p + i * ld, p + i * ld, width, l[row]);
          for (long j = 0; j < width; j++) ds[i * ld + j] = p[i * ld + j] * (ds[i * ld + j] - delta) * s.scale;
        }
        gemm_alone(width, s.D, n, {p, 1, ld}, {dyh + first * out, out, 1}, dv, step, true);
        gemm_alone(width, s.D, n, {ds, 1, ld}, {head.q + first * step, step, 1}, dk, step, true);
        gemm_alone(n, s.D, width, {ds, ld, 1}, {head.k, step, 1}, dq + first * step, step, false);
      }
    }
  });
}

}  // namespace
