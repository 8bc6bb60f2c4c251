// A thread pool of our own: one caller, n − 1 helpers that spin briefly and then sleep. Work is cut by rows or columns by index,
// never along a sum, so results do not depend on the number of threads. Shares are claimed, not assigned: where the machine is busy
// and a helper is not scheduled, the caller does its share too, and the call takes as long as with one thread, not a time slice more.
#pragma once

/** Threads at work, the caller counted. */
int pool_threads();
/** Sets how many; helpers that exist already stay. */
void pool_set_threads(int n);
/** Runs body(argument, share, shares) once for each share, as many as threads; returns when all are done. Callers take turns. */
void pool_run(void (*body)(const void* argument, int share, int shares), const void* argument);

namespace {  // instantiated once per instruction set: nothing here may be merged by the linker

template <class Body>
void on_all_threads(const Body& body) {
  if (pool_threads() == 1) return body(0, 1);
  pool_run([](const void* b, int share, int shares) { (*(const Body*)b)(share, shares); }, &body);
}

/** Cuts 0 … n into one range per thread, each a multiple of `unit` but the last; small work (n ≤ least) stays on the caller. */
template <class Body>
void ranges(long n, long unit, long least, const Body& body) {
  if (n <= 0) return;
  if (n <= least || pool_threads() == 1) return body(0L, n);
  const long units = (n + unit - 1) / unit;
  on_all_threads([&](int share, int shares) {
    const long from = units * share / shares * unit, to = units * (share + 1) / shares * unit;
    if (from < to && from < n) body(from, to < n ? to : n);
  });
}

/** Tasks of uneven size, taken one by one; each is done whole by one thread. */
template <class Body>
void tasks(long count, const Body& body) {
  long next = 0;
  on_all_threads([&](int, int) {
    for (;;) {
      const long t = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
      if (t >= count) return;
      body(t);
    }
  });
}

}  // namespace
