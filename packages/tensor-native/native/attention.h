// Softmax attention without the T × T matrix: blocks of query rows against all their keys, one (sequence, head) a task
// (Vaswani et al. 2017, eq. 1; the backward pass recomputes the weights from log Σ exp, as in Dao et al. 2022).
// A row sees its keys in one order whether it is prefilled or decoded: keys behind its own position weigh exactly zero. A window skips
// tiles of keys, counted from key 0, that no row of a block sees: what they would add is exactly zero too.
#pragma once
#include "rows.h"
#include "softcap.h"
#include "walk.h"

namespace {  // one copy per instruction set


static const long QUERIES = 64, KEYS = 128;  // rows of a block; keys of a tile

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
  /** A position sees window − 1 positions before it and, where not causal, after it; all where it is 0. */
  long window;
  /** Scores stay within ± this; 0 for no cap. */
  float cap;

  /** The first key that a row may see, and the one behind the last. */
  long begin(long row) const { return window && row + past >= window ? row + past - window + 1 : 0; }
  long end(long row) const {
    if (causal) return row + past + 1;
    return window && row + window < keys ? row + window : keys;
  }
  bool masked(long row, long key) const { return q_documents && (q_documents[row] < 0 || q_documents[row] != k_documents[key]); }
  /** The most keys that a block of rows looks at. */
  long widest() const {
    const long most = QUERIES + KEYS + (causal ? 1 : 2) * window;
    return window && most < keys ? most : keys;
  }
};

/** The keys that the rows of a block look at: whole tiles at the front, up to the last that its last row sees. */
struct Keys {
  long from, width;
  Keys(const Head& head, long first, long n) : from(head.begin(first) / KEYS * KEYS), width(head.end(first + n - 1) - from) {}
};

static long padded(long n) { return (n + 15) / 16 * 16; }

/** Scores of `n` query rows from `first`, (n, width): scaled, capped, masked to −∞. */
static void scores(const Head& head, long first, long n, Keys keys, float* s, long ld) {
  gemm_alone(n, keys.width, head.size, {head.q + first * head.q_step, head.q_step, 1}, {head.k + keys.from * head.kv_step, 1, head.kv_step}, s, ld, false);
  const vf scale = splat(head.scale), cap = splat(head.cap), shrink = splat(head.cap > 0 ? head.scale / head.cap : 0);
  for (long i = 0; i < n; i++) {
    float* row = s + i * ld;
    const long begin = head.begin(first + i) - keys.from, end = head.end(first + i) - keys.from;
    if (head.cap > 0) walk(0, end, [&](long j, auto lanes) { store_part(row + j, cap * vtanh(load_part(row + j, lanes) * shrink), lanes); });
    else walk(0, end, [&](long j, auto lanes) { store_part(row + j, load_part(row + j, lanes) * scale, lanes); });
    for (long j = 0; j < begin; j++) row[j] = -INFINITY;
    for (long j = end; j < keys.width; j++) row[j] = -INFINITY;
    if (head.q_documents)
      for (long j = begin; j < end; j++) if (head.masked(first + i, keys.from + j)) row[j] = -INFINITY;
  }
}

/** y (queries, size) with row step y_step; log Σ exp of each row where asked. `s` holds scores of a block of rows, ld apart. */
static void attend(const Head& head, float* s, long ld, float* y, long y_step, float* log_sum_exp) {
  const long tile = head.window ? KEYS : head.keys;
  for (long first = 0; first < head.queries; first += QUERIES) {
    const long n = head.queries - first < QUERIES ? head.queries - first : QUERIES;
    const Keys keys(head, first, n);
    scores(head, first, n, keys, s, ld);
    float factors[QUERIES];
    for (long i = 0; i < n; i++) {
      float* row = s + i * ld;
      if (head.q_documents && head.q_documents[first + i] < 0) {  // padding: nothing to see
        for (long j = 0; j < keys.width; j++) row[j] = 0;
        factors[i] = 0;
        if (log_sum_exp) log_sum_exp[first + i] = 0;
        continue;
      }
      const float m = row_max(row, keys.width), sum = row_exp(row, row, keys.width, m);
      factors[i] = 1 / sum;
      if (log_sum_exp) log_sum_exp[first + i] = m + std::log(sum);
    }
    for (long k = 0; k < keys.width; k += tile) {
      const long count = keys.width - k < tile ? keys.width - k : tile;
      gemm_alone(n, head.size, count, {s + k, ld, 1}, {head.v + (keys.from + k) * head.kv_step, head.kv_step, 1}, y + first * y_step, y_step, k > 0);
    }
    for (long i = 0; i < n; i++)
      for (long d = 0; d < head.size; d++) y[(first + i) * y_step + d] *= factors[i];
  }
}

struct Shape {
  long B, T, H, K, D, window;
  float scale, cap;
  long step() const { return (H + 2 * K) * D; }
};
static Shape shape_of(Call& call) {
  Shape s;
  s.B = call.integer(), s.T = call.integer(), s.H = call.integer(), s.K = call.integer(), s.D = call.integer(), s.window = call.integer();
  s.scale = (float)call.number(), s.cap = (float)call.number();
  return s;
}
static Head head_of(const Shape& s, const float* qkv, long b, long h, bool causal, const int32_t* documents) {
  const float* base = qkv + b * s.T * s.step();
  const long g = h / (s.H / s.K);
  const int32_t* own = documents ? documents + b * s.T : nullptr;
  return {base + h * s.D, base + (s.H + g) * s.D, base + (s.H + s.K + g) * s.D, s.step(), s.step(), s.T, s.T, s.D, 0, causal, own, own, s.scale, s.window, s.cap};
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
  const long ld = padded(head_of(s, qkv, 0, 0, causal, documents).widest());
  float* all_scores = call.room<float>(pool_threads() * QUERIES * ld);
  if (call.out_of_memory) return;
  tasks(s.B * s.H, [&](long t, long thread) {
    const long b = t / s.H, h = t % s.H;
    attend(head_of(s, qkv, b, h, causal, documents), all_scores + thread * QUERIES * ld, ld, y + b * s.T * s.H * s.D + h * s.D, s.H * s.D, lse + t * s.T);
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
  auto head_at = [&](long b, long h) -> Head {
    const long at = (long)slots[b] * capacity * s.K * s.D + h / (s.H / s.K) * s.D;
    return {qkv + b * s.T * s.step() + h * s.D, keys + at, values + at, s.step(), s.K * s.D, s.T, starts[b] + s.T, s.D, starts[b], true, nullptr, nullptr, s.scale, s.window, s.cap};
  };
  long widest = 0;
  for (long b = 0; b < s.B; b++) widest = head_at(b, 0).widest() > widest ? head_at(b, 0).widest() : widest;
  const long ld = padded(widest);
  float* all_scores = call.room<float>(pool_threads() * QUERIES * ld);
  if (call.out_of_memory) return;
  const long width = s.K * s.D;
  for (long b = 0; b < s.B; b++)
    for (long t = 0; t < s.T; t++) {
      const float* row = qkv + (b * s.T + t) * s.step() + s.H * s.D;
      const long to = ((long)slots[b] * capacity + starts[b] + t) * width;
      memcpy(keys + to, row, (size_t)width * 4);
      memcpy(values + to, row + width, (size_t)width * 4);
    }
  tasks(s.B * s.H, [&](long task, long thread) {
    const long b = task / s.H, h = task % s.H;
    attend(head_at(b, h), all_scores + thread * QUERIES * ld, ld, y + b * s.T * s.H * s.D + h * s.D, s.H * s.D, nullptr);
  });
}

/** Scores and dY·Vᵀ of one row become its weights p and dS = p ∘ (dY·Vᵀ − delta)·scale, under a cap c times 1 − (score/c)². */
static void row_gradient(float* p, float* ds, long width, float log_sum_exp, float delta, const Head& head) {
  const vf shift = splat(log_sum_exp), middle = splat(delta), scale = splat(head.scale), one = splat(1.f);
  const vf inverse = splat(head.cap > 0 ? 1 / head.cap : 0);
  walk(0, width, [&](long j, auto n) {
    const vf s = load_part(p + j, n), weight = vexp(s - shift);
    vf d = weight * (load_part(ds + j, n) - middle) * scale;
    if (head.cap > 0) d *= vmax(one - s * inverse * (s * inverse), vf{});  // a masked score is −∞, and its weight 0
    store_part(p + j, weight, n);
    store_part(ds + j, d, n);
  });
}

/** dqkv. With P the weights: dV = Pᵀ·dY, dS as above with delta = rowsum(dY ∘ Y), dQ = dS·K, dK = dSᵀ·Q. A task owns one group's keys. */
static void attention_backward(Call& call) {
  const Shape s = shape_of(call);
  const bool causal = call.integer();
  const int hq = call.integer(), hd = call.integer(), hy = call.integer(), hdy = call.integer(), hl = call.integer();
  float* dqkv = call.make(s.B * s.T * s.step());
  if (call.out_of_memory) return;
  const float *qkv = call.arena.floats(hq), *y = call.arena.floats(hy), *dy = call.arena.floats(hdy), *lse = call.arena.floats(hl);
  const int32_t* documents = hd < 0 ? nullptr : call.arena.ints(hd);
  const long step = s.step(), out = s.H * s.D, group = s.H / s.K, ld = padded(head_of(s, qkv, 0, 0, causal, documents).widest());
  float* all_scores = call.room<float>(pool_threads() * 2 * QUERIES * ld);
  if (call.out_of_memory) return;
  tasks(s.B * s.K, [&](long t, long thread) {
    const long b = t / s.K, g = t % s.K;
    float *dk = dqkv + b * s.T * step + (s.H + g) * s.D, *dv = dk + s.K * s.D;
    for (long i = 0; i < s.T; i++) {
      memset(dk + i * step, 0, (size_t)s.D * 4);
      memset(dv + i * step, 0, (size_t)s.D * 4);
    }
    float *p = all_scores + thread * 2 * QUERIES * ld, *ds = p + QUERIES * ld;
    for (long h = g * group; h < (g + 1) * group; h++) {
      const Head head = head_of(s, qkv, b, h, causal, documents);
      const float *yh = y + b * s.T * out + h * s.D, *dyh = dy + b * s.T * out + h * s.D, *l = lse + (b * s.H + h) * s.T;
      float* dq = dqkv + b * s.T * step + h * s.D;
      for (long first = 0; first < s.T; first += QUERIES) {
        const long n = s.T - first < QUERIES ? s.T - first : QUERIES;
        const Keys keys(head, first, n);
        const long from = keys.from * step;
        scores(head, first, n, keys, p, ld);
        gemm_alone(n, keys.width, s.D, {dyh + first * out, out, 1}, {head.v + from, 1, step}, ds, ld, false);
        for (long i = 0; i < n; i++) {
          const float *yi = yh + (first + i) * out, *dyi = dyh + (first + i) * out;
          vf products = vf{};
          walk(0, s.D, [&](long d, auto lanes) { products = load_part(yi + d, lanes) * load_part(dyi + d, lanes) + products; });
          row_gradient(p + i * ld, ds + i * ld, keys.width, l[first + i], sum_of(products), head);
        }
        gemm_alone(keys.width, s.D, n, {p, 1, ld}, {dyh + first * out, out, 1}, dv + from, step, true);
        gemm_alone(keys.width, s.D, n, {ds, 1, ld}, {head.q + first * step, step, 1}, dk + from, step, true);
        gemm_alone(n, s.D, keys.width, {ds, ld, 1}, {head.k + from, step, 1}, dq + first * step, step, false);
      }
    }
  });
}

}  // namespace
