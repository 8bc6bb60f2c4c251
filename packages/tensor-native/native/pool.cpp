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

struct Pool {
  int threads = 1, helpers = 0, count = 1;
  void (*body)(const void*, int, int) = nullptr;
  const void* argument = nullptr;
  std::atomic<uint64_t> round{0};
  std::atomic<int> waiting{0};
  std::mutex sleeping, calling;
  std::condition_variable wake;

  void help(int index, uint64_t seen) {
    for (;;) {
      for (int spins = 0; round.load(std::memory_order_acquire) == seen; spins++) {
        if (spins < 20000) {
          pause();
          continue;
        }
        std::unique_lock<std::mutex> lock(sleeping);
        wake.wait(lock, [&] { return round.load() != seen; });
      }
      seen++;
      if (index >= count) continue;
      body(argument, index, count);
      waiting.fetch_sub(1, std::memory_order_release);
    }
  }
};

/** Never destroyed: a waiting thread would hang the exit. */
Pool& pool() {
  static Pool* one = new Pool;
  return *one;
}

}  // namespace

int pool_threads() { return pool().threads; }

void pool_set_threads(int n) {
  Pool& p = pool();
  std::lock_guard<std::mutex> one_caller(p.calling);
  while (p.helpers < n - 1) {
    const int index = ++p.helpers;
    const uint64_t seen = p.round.load();
    std::thread([&p, index, seen] { p.help(index, seen); }).detach();
  }
  p.threads = n < 1 ? 1 : n;
}

void pool_run(void (*body)(const void*, int, int), const void* argument) {
  Pool& p = pool();
  std::lock_guard<std::mutex> one_caller(p.calling);
  p.body = body;
  p.argument = argument;
  p.count = p.threads;
  p.waiting.store(p.threads - 1, std::memory_order_relaxed);
  {
    std::lock_guard<std::mutex> lock(p.sleeping);
    p.round.fetch_add(1, std::memory_order_release);
  }
  p.wake.notify_all();
  body(argument, 0, p.count);
  while (p.waiting.load(std::memory_order_acquire) != 0) pause();
}
