// How helpers of the pool sleep until the round changes: a condition variable, or WebAssembly's own wait and notify.
#pragma once

#if defined(__wasm__)
/** Rounds are watched as one word; without threads nobody sleeps. */
struct Sleep {
  int word = 0;

  /** Sleeps while `same()`. */
  template <class Same>
  void until_changed(const Same& same) {
#if defined(__wasm_atomics__)
    const int seen = __atomic_load_n(&word, __ATOMIC_SEQ_CST);
    if (same()) __builtin_wasm_memory_atomic_wait32(&word, seen, -1);
#endif
  }
  void wake() {
#if defined(__wasm_atomics__)
    __atomic_fetch_add(&word, 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&word, 0x7fffffff);
#endif
  }
};
/** One caller in a module: nothing to lock. */
struct Turns {
  void lock() {}
  void unlock() {}
};
#else
#include <condition_variable>
#include <mutex>

struct Sleep {
  std::mutex mutex;
  std::condition_variable condition;

  template <class Same>
  void until_changed(const Same& same) {
    std::unique_lock<std::mutex> lock(mutex);
    condition.wait(lock, [&] { return !same(); });
  }
  void wake() {
    std::lock_guard<std::mutex> lock(mutex);
    condition.notify_all();
  }
};
using Turns = std::mutex;
#endif
