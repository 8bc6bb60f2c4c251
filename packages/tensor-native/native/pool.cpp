#include "pool.h"
#include <atomic>
#include <cstdint>
#include <new>
#include "sleep.h"
#if !defined(__wasm__)
#include <thread>
#endif

namespace {

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

using Body = void (*)(const void*, int, int);
/** Spins before a helper sleeps: some tens of microseconds, the time between two kernels. */
const int SPINS = 20000;

struct Pool {
  int helpers = 0;
  /** The round in the high half, the next share to claim in the low half: one word, so that a late helper can never claim a share of another round. */
  std::atomic<uint64_t> state{0};
  std::atomic<int> shares{0}, done{0}, sleepers{0}, joined{0};
  std::atomic<Body> body{nullptr};
  std::atomic<const void*> argument{nullptr};
  Sleep sleep;
  Turns calling;

  static uint64_t round_of(uint64_t state) { return state >> 32; }

  /** Does shares of this round until none is left. What was read of the round is used only after a claim has succeeded. */
  void work(uint64_t round) {
    const Body call = body.load(std::memory_order_acquire);
    const void* with = argument.load(std::memory_order_acquire);
    const int count = shares.load(std::memory_order_acquire);
    for (;;) {
      uint64_t now = state.load(std::memory_order_acquire);
      const uint32_t share = (uint32_t)now;
      if (round_of(now) != round || share >= (uint32_t)count) return;
      if (!state.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel)) continue;
      call(with, (int)share, count);
      done.fetch_add(1, std::memory_order_release);
    }
  }

  void help(uint64_t seen) {
    for (;;) {
      for (int spins = 0; round_of(state.load(std::memory_order_acquire)) == seen; spins++) {
        if (spins < SPINS) {
          pause();
          continue;
        }
        sleepers.fetch_add(1);
        sleep.until_changed([&] { return round_of(state.load()) == seen; });
        sleepers.fetch_sub(1);
      }
      seen = round_of(state.load(std::memory_order_acquire));
      work(seen);
    }
  }
};

/** Never destroyed: a waiting thread would hang the exit. */
Pool& pool() {
  alignas(Pool) static char place[sizeof(Pool)];
  static Pool* one = new (place) Pool;
  return *one;
}

/** What the caller's device was opened with: two devices of one process do not change each other's. */
thread_local int threads = 1;

struct Turn {
  Turns& turns;
  explicit Turn(Turns& turns) : turns(turns) { turns.lock(); }
  ~Turn() { turns.unlock(); }
};

}  // namespace

int pool_threads() { return threads; }

void pool_set_threads(int n) {
  threads = n < 1 ? 1 : n;
  Pool& p = pool();
  const Turn one_caller(p.calling);
#if !defined(__wasm__)  // there JavaScript starts the helpers
  for (; p.helpers < n - 1; p.helpers++) {
    const uint64_t seen = Pool::round_of(p.state.load());
    std::thread([&p, seen] { p.help(seen); }).detach();
  }
#endif
}

int pool_helpers() { return pool().joined.load(); }

void pool_help() {
  Pool& p = pool();
  p.joined.fetch_add(1);
  p.help(Pool::round_of(p.state.load()));
}

void pool_run(Body body, const void* argument) {
  Pool& p = pool();
  const Turn one_caller(p.calling);
  const uint64_t round = (Pool::round_of(p.state.load()) + 1) & 0xffffffff;
  const int shares = threads;
  // Closed: no helper claims a share while the round is written. What is written is seen only after the closing (release), or a
  // helper could claim one more share of the old round by the count of the new one.
  p.state.store(p.state.load() | 0xffffffff);
  p.body.store(body, std::memory_order_release);
  p.argument.store(argument, std::memory_order_release);
  p.shares.store(shares, std::memory_order_release);
  p.done.store(0, std::memory_order_relaxed);
  p.state.store(round << 32);
  if (p.sleepers.load() > 0) p.sleep.wake();
  p.work(round);
  while (p.done.load(std::memory_order_acquire) != shares) pause();
}

void pool_ranges(long n, long unit, long least, void (*body)(const void*, long, long), const void* argument) {
  if (n <= 0) return;
  if (n <= least || pool_threads() == 1) return body(argument, 0, n);
  struct Cut {
    long n, unit;
    void (*body)(const void*, long, long);
    const void* argument;
  } cut = {n, unit, body, argument};
  pool_run(
      [](const void* with, int share, int shares) {
        const Cut& c = *(const Cut*)with;
        const int64_t units = (c.n + c.unit - 1) / c.unit;
        const long from = (long)(units * share / shares) * c.unit, to = (long)(units * (share + 1) / shares) * c.unit;
        if (from < to && from < c.n) c.body(c.argument, from, to < c.n ? to : c.n);
      },
      &cut);
}

void pool_tasks(long count, void (*body)(const void*, long, long), const void* argument) {
  struct Queue {
    long count, next;
    void (*body)(const void*, long, long);
    const void* argument;
  } queue = {count, 0, body, argument};
  auto work = [](const void* with, int share, int) {
    Queue& q = *(Queue*)with;
    for (;;) {
      const long task = __atomic_fetch_add(&q.next, 1, __ATOMIC_RELAXED);
      if (task >= q.count) return;
      q.body(q.argument, task, share);
    }
  };
  if (pool_threads() == 1) return work(&queue, 0, 1);
  pool_run(work, &queue);
}
