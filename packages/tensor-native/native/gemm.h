// C (M, N) = or += A (M, K) · B (K, N) in float, as in Goto and van de Geijn 2008: panels of A and B are packed, a micro-kernel
// of MR × NR elements runs over k. Any strides. An element is summed over k in blocks of KC counted from 0, each in order, whatever
// M, N and the number of threads are: its bits depend on its own row and column alone.
#pragma once
#include "memory.h"
#include "pool.h"
#include "simd.h"

namespace {  // one copy per instruction set


#if VW == 16
#define MR 14
#define NV 2
#elif VW == 8
#define MR 6
#define NV 2
#else
#define MR 4
#define NV 2
#endif
#define NR (NV * VW)
#define HALF (MR > 8 ? 8 : MR)  // rows of a smaller kernel, for batches in decoding
#define KC 256
#define MC (MR * 12)
#define NC (NR * 96)
#define NC_FEW (NR * 8)

#if defined(__wasm__)
#define UNROLL _Pragma("unroll")
#define UNROLL_K _Pragma("nounroll")  // more and V8 spills registers
#elif defined(__clang__)
#define UNROLL _Pragma("unroll")
#define UNROLL_K _Pragma("unroll 4")
#else
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL_K _Pragma("GCC unroll 4")
#endif

struct Matrix {
  const float* data;
  long rows, columns;  // strides: element (i, j) is data[i · rows + j · columns]
};

/** What is done to C on the way: a bias for each column, and an activation of the finished sums into a second array of C's shape. */
struct Finish {
  const float* bias = nullptr;
  void (*activate)(const float* from, float* to, long n) = nullptr;
  float* activated = nullptr;

  Finish at(long row, long column, long ldc) const {
    return {bias ? bias + column : nullptr, activate, activated ? activated + row * ldc + column : nullptr};
  }
};

/** Packed panels of one thread, kept until it ends. */
struct Packing {
  float *a, *b;
#if !defined(__wasm__)  // there a thread's memory goes with the module's
  ~Packing() {
    free_block(a);
    free_block(b);
  }
#endif
  static Packing& mine() {
    static thread_local Packing packing = {nullptr, nullptr};
    if (!packing.a) {
      packing.a = (float*)need_block(sizeof(float) * (MC * KC + VW));
      packing.b = (float*)need_block(sizeof(float) * (NC * KC + VW));
    }
    return packing;
  }
};

/** A panel of W lanes by k steps: to[p · W + lane] = from[lane · lanes + p · steps]; missing lanes are zero. May write VW floats past its end.
    `ahead` is where what is packed next lies: so many rows at once are too many streams for the processor to follow by itself. */
template <int W>
static void pack_panel(float* __restrict to, const float* __restrict from, long lanes, long steps, int n, int k, long ahead) {
  if (n == W && lanes == 1) {
    for (int p = 0; p < k; p++, to += W) memcpy(to, from + p * steps, W * 4);
    return;
  }
  int p = 0;
  if (steps == 1)
    for (; p + VW <= k; p += VW)
      for (int first = 0; first < W; first += VW) {  // rows of VW steps each, transposed in registers
        vf rows[VW];
        UNROLL for (int i = 0; i < VW; i++) {
          const float* at = from + (first + i) * lanes + p;
          rows[i] = first + i < n ? load(at) : vf{};
          if (ahead) __builtin_prefetch(at + ahead, 0, 2);
        }
        transpose(rows);
        UNROLL for (int i = 0; i < VW; i++) store(to + (p + i) * W + first, rows[i]);
      }
  for (; p < k; p++) {
    for (int lane = 0; lane < n; lane++) to[p * W + lane] = from[lane * lanes + p * steps];
    for (int lane = n; lane < W; lane++) to[p * W + lane] = 0;
  }
}

/** R × NR elements over k packed steps, R of the MR rows of a panel; the first m rows and n columns are stored, with the bias, or added where `add`. */
template <int R>
static inline void micro_kernel(int k, const float* __restrict a, const float* __restrict b, float* __restrict c, long ldc, bool add, const float* bias, int m, int n) {
  vf sums[R][NV];
  UNROLL for (int i = 0; i < R; i++) UNROLL for (int j = 0; j < NV; j++) sums[i][j] = vf{};
  UNROLL_K for (int p = 0; p < k; p++) {
    vf column[NV];
    UNROLL for (int j = 0; j < NV; j++) column[j] = load(b + j * VW);
    UNROLL for (int i = 0; i < R; i++) {
      const vf row = splat(a[i]);
      UNROLL for (int j = 0; j < NV; j++) sums[i][j] = madd(row, column[j], sums[i][j]);
    }
    a += MR;
    b += NR;
  }
  if (bias && !add)
    UNROLL for (int j = 0; j < NV; j++) {
      const int rest = n - j * VW;
      const vf column = rest >= VW ? load(bias + j * VW) : load_part(bias + j * VW, rest < 0 ? 0 : rest);
      UNROLL for (int i = 0; i < R; i++) sums[i][j] += column;
    }
  if (m == R && n == NR) {
    UNROLL for (int i = 0; i < R; i++) UNROLL for (int j = 0; j < NV; j++) {
      float* to = c + i * ldc + j * VW;
      store(to, add ? load(to) + sums[i][j] : sums[i][j]);
    }
    return;
  }
  float edge[R * NR];
  UNROLL for (int i = 0; i < R; i++) UNROLL for (int j = 0; j < NV; j++) store(edge + i * NR + j * VW, sums[i][j]);
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) c[i * ldc + j] = add ? c[i * ldc + j] + edge[i * NR + j] : edge[i * NR + j];
}

/** `mc` rows of A and `nc` columns of B over `kc` steps, from packed panels; `last` when the sums are whole with these. */
static inline void tile(int mc, int nc, int kc, const float* a, const float* b, float* c, long ldc, bool add, bool last, const Finish& finish) {
  for (int j = 0; j < nc; j += NR)
    for (int i = 0; i < mc; i += MR) {
      const int m = mc - i < MR ? mc - i : MR, n = nc - j < NR ? nc - j : NR;
      const float *pa = a + (long)i * kc, *pb = b + (long)j * kc;
      float* to = c + i * ldc + j;
      const float* bias = finish.bias ? finish.bias + j : nullptr;
      if (m == 1) micro_kernel<1>(kc, pa, pb, to, ldc, add, bias, m, n);
      else if (HALF < MR && m <= HALF) micro_kernel<HALF>(kc, pa, pb, to, ldc, add, bias, m, n);
      else micro_kernel<MR>(kc, pa, pb, to, ldc, add, bias, m, n);
      if (last && finish.activate)
        for (int row = 0; row < m; row++) finish.activate(to + row * ldc, finish.activated + (i + row) * ldc + j, n);
    }
}

static inline void pack_rows(const Matrix& A, long i0, int mc, long pc, int kc, float* to) {
  for (int i = 0; i < mc; i += MR)
    pack_panel<MR>(to + (long)i * kc, A.data + (i0 + i) * A.rows + pc * A.columns, A.rows, A.columns, mc - i < MR ? mc - i : MR, kc, 0);
}
static inline void pack_columns(const Matrix& B, long j0, int nc, long pc, int kc, float* to) {
  for (int j = 0; j < nc; j += NR)
    pack_panel<NR>(to + (long)j * kc, B.data + pc * B.rows + (j0 + j) * B.columns, B.columns, B.rows, nc - j < NR ? nc - j : NR, kc, NR * B.columns);
}

/** Few rows: A is packed whole where it fits, and each panel of B goes through the inner cache along its rows, read from memory once. */
static void gemm_few_rows(int M, long N, long K, const Matrix& A, const Matrix& B, float* C, long ldc, bool add, const Finish& finish) {
  Packing& packing = Packing::mine();
  const int rows = (M + MR - 1) / MR * MR;
  const bool whole = rows * K <= MC * KC;
  if (whole)
    for (long pc = 0; pc < K; pc += KC) pack_rows(A, 0, M, pc, (int)(K - pc < KC ? K - pc : KC), packing.a + rows * pc);
  const long wide = whole ? NR : NC_FEW;
  for (long pass = 0; pass < (whole ? 1 : (K + KC - 1) / KC); pass++) {
    const long begin = whole ? 0 : pass * KC, end = whole ? K : begin + 1;
    if (!whole) pack_rows(A, 0, M, begin, (int)(K - begin < KC ? K - begin : KC), packing.a);
    for (long jc = 0; jc < N; jc += wide) {
      const int nc = (int)(N - jc < wide ? N - jc : wide);
      for (long pc = begin; pc < end; pc += KC) {
        const int kc = (int)(K - pc < KC ? K - pc : KC);
        if (whole)
          pack_panel<NR>(packing.b, B.data + pc * B.rows + jc * B.columns, B.columns, B.rows, nc, kc, pc + KC < K ? KC * B.rows : NR * B.columns - pc * B.rows);
        else
          pack_columns(B, jc, nc, pc, kc, packing.b);
        tile(M, nc, kc, packing.a + (whole ? rows * pc : 0), packing.b, C + jc, ldc, add || pc > 0, pc + kc == K, finish.at(0, jc, ldc));
      }
    }
  }
}

/** The whole product on the calling thread. */
static void gemm_alone(long M, long N, long K, Matrix A, Matrix B, float* C, long ldc, bool add, const Finish& finish = {}) {
  if (M <= MC) return gemm_few_rows((int)M, N, K, A, B, C, ldc, add, finish);
  Packing& packing = Packing::mine();
  for (long jc = 0; jc < N; jc += NC) {
    const int nc = (int)(N - jc < NC ? N - jc : NC);
    for (long pc = 0; pc < K; pc += KC) {
      const int kc = (int)(K - pc < KC ? K - pc : KC);
      pack_columns(B, jc, nc, pc, kc, packing.b);
      for (long ic = 0; ic < M; ic += MC) {
        const int mc = (int)(M - ic < MC ? M - ic : MC);
        pack_rows(A, ic, mc, pc, kc, packing.a);
        tile(mc, nc, kc, packing.a, packing.b, C + ic * ldc + jc, ldc, add || pc > 0, pc + kc == K, finish.at(ic, jc, ldc));
      }
    }
  }
}

/** The product on all threads: the longer of M and N is cut, each thread packs for itself. */
static void gemm(long M, long N, long K, Matrix A, Matrix B, float* C, long ldc, bool add, const Finish& finish = {}) {
  if (M <= 0 || N <= 0) return;
  if ((double)M * N * K < 40000) return gemm_alone(M, N, K, A, B, C, ldc, add, finish);
  if (M >= N)
    ranges(M, MR, 0, [&](long from, long to) { gemm_alone(to - from, N, K, {A.data + from * A.rows, A.rows, A.columns}, B, C + from * ldc, ldc, add, finish.at(from, 0, ldc)); });
  else
    ranges(N, NR, 0, [&](long from, long to) { gemm_alone(M, to - from, K, A, {B.data + from * B.columns, B.rows, B.columns}, C + from, ldc, add, finish.at(0, from, ldc)); });
}

}  // namespace
