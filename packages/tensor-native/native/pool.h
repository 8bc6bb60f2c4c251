// A thread pool of our own: one caller, n − 1 helpers that spin briefly and then sleep. Work is cut by rows or columns by index,
// never along a sum, so results do not depend on the number of threads. Shares are claimed, not assigned: where the machine is busy
// and a helper is not scheduled, the caller does its share too, and the call takes as long as with one thread, not a time slice more.
#pragma once

/** Threads that work for this thread, itself counted. */
int pool_threads();
/** Sets how many for the calls of this thread; helpers that exist already stay. */
void pool_set_threads(int n);
/** Helpers that were started with pool_help. */
int pool_helpers();
/** What a helper does for ever, on a thread that somebody else started. */
void pool_help();
/** Runs body(argument, share, shares) once for each share, as many as threads; returns when all are done. Callers take turns. */
void pool_run(void (*body)(const void* argument, int share, int shares), const void* argument);
/** Cuts 0 … n into one range per thread, each a multiple of `unit` but the last; small work (n ≤ least) stays on the caller. */
void pool_ranges(long n, long unit, long least, void (*body)(const void* argument, long from, long to), const void* argument);
/** Tasks of uneven size, taken one by one; each is done whole by one thread. No two that run at once have the same number of `thread`, from 0. */
void pool_tasks(long count, void (*body)(const void* argument, long task, long thread), const void* argument);

namespace {  // instantiated once per instruction set: nothing here may be merged by the linker

// A body is compiled once and called by pointer, however the work is cut.
template <class Body>
void ranges(long n, long unit, long least, const Body& body) {
  pool_ranges(n, unit, least, [](const void* b, long from, long to) { (*(const Body*)b)(from, to); }, &body);
}
template <class Body>
void tasks(long count, const Body& body) {
  pool_tasks(count, [](const void* b, long task, long thread) { (*(const Body*)b)(task, thread); }, &body);
}

}  // namespace
