#include "pool.h"
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

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
  std::atomic<int> threads{1};
  int helpers = 0;
  /** The round in the high half, the next share to claim in the low half: one word, so that a late helper can never claim a share of another round. */
  std::atomic<uint64_t> state{0};
  std::atomic<int> shares{0}, done{0}, sleepers{0};
  std::atomic<Body> body{nullptr};
  std::atomic<const void*> argument{nullptr};
  std::mutex sleeping, calling;
  std::condition_variable wake;

  static uint64_t round_of(uint64_t state) { return state >> 32; }

  /** Does shares of this round until none is left. What was read of the round is used only after a claim has succeeded. */
  void work(uint64_t round) {
    const Body call = body.load(std::memory_order_relaxed);
    const void* with = argument.load(std::memory_order_relaxed);
    const int count = shares.load(std::memory_order_relaxed);
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
        std::unique_lock<std::mutex> lock(sleeping);
        sleepers.fetch_add(1);
        wake.wait(lock, [&] { return round_of(state.load()) != seen; });
        sleepers.fetch_sub(1);
      }
      seen = round_of(state.load(std::memory_order_acquire));
      work(seen);
    }
  }
};

/** Never destroyed: a waiting thread would hang the exit. */
Pool& pool() {
  static Pool* one = new Pool;
  return *one;
}

}  // namespace

int pool_threads() { return pool().threads.load(std::memory_order_relaxed); }

void pool_set_threads(int n) {
  Pool& p = pool();
  std::lock_guard<std::mutex> one_caller(p.calling);
  for (; p.helpers < n - 1; p.helpers++) {
    const uint64_t seen = Pool::round_of(p.state.load());
    std::thread([&p, seen] { p.help(seen); }).detach();
  }
  p.threads = n < 1 ? 1 : n;
}

void pool_run(Body body, const void* argument) {
  Pool& p = pool();
  std::lock_guard<std::mutex> one_caller(p.calling);
  const uint64_t round = (Pool::round_of(p.state.load()) + 1) & 0xffffffff;
  const int shares = p.threads;
  p.state.store(p.state.load() | 0xffffffff);  // closed: no helper claims a share while the round is written
  p.body.store(body, std::memory_order_relaxed);
  p.argument.store(argument, std::memory_order_relaxed);
  p.shares.store(shares, std::memory_order_relaxed);
  p.done.store(0, std::memory_order_relaxed);
  p.state.store(round << 32);
  if (p.sleepers.load() > 0) {
    std::lock_guard<std::mutex> lock(p.sleeping);
    p.wake.notify_all();
  }
  p.work(round);
  while (p.done.load(std::memory_order_acquire) != shares) pause();
}
