// The WebAssembly module: the same kernels behind exports. One memory is one context; helpers are instances of the module on the same memory.
#include <cstring>
#include <new>
#include "call.h"
#include "memory.h"
#include "pool.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

extern const Kernel kernels_base[];
extern const int kernel_count_base;
void prepare_base();

static Arena& arena() {
  alignas(Arena) static char place[sizeof(Arena)];
  static Arena* one = new (place) Arena;
  return *one;
}
static int32_t ints[256];
static double numbers[32];

EXPORT __attribute__((export_name("ints"))) int32_t* ints_at() { return ints; }
EXPORT __attribute__((export_name("numbers"))) double* numbers_at() { return numbers; }
EXPORT __attribute__((export_name("kernelCount"))) int kernel_count() { return kernel_count_base; }
/** Zero-terminated. */
EXPORT __attribute__((export_name("kernelName"))) const char* kernel_name(int index) { return kernels_base[index].name; }

/** The kernel ints[0] with the arguments behind it; 0, or 1 when memory is out. */
EXPORT __attribute__((export_name("run"))) int run() {
  Call call{arena(), ints, numbers};
  kernels_base[ints[0]].run(call);
  return call.end();
}
EXPORT __attribute__((export_name("make"))) int make(int length) { return arena().make(length); }
EXPORT __attribute__((export_name("drop"))) int drop(int handle) {
  const bool there = arena().holds(handle);
  if (there) arena().drop(handle);
  return there;
}
/** Where an array lies in the memory, in bytes; 0 for a handle that is not there. */
EXPORT __attribute__((export_name("place"))) float* place(int handle) { return arena().holds(handle) ? arena().floats(handle) : nullptr; }
EXPORT __attribute__((export_name("length"))) int length(int handle) { return (int)arena().length(handle); }
EXPORT __attribute__((export_name("clear"))) void clear(int handle) {
  if (arena().holds(handle)) memset(arena().floats(handle), 0, (size_t)arena().length(handle) * 4);
}

EXPORT __attribute__((export_name("setThreads"))) void set_threads(int threads) {
  prepare_base();
  pool_set_threads(threads);
}
/** How many of them are at their work. */
EXPORT __attribute__((export_name("helpers"))) int helpers() { return pool_helpers(); }
/** A helper's stack, or its thread-local data. */
EXPORT __attribute__((export_name("block"))) void* block(int bytes) { return new_block((size_t)bytes); }
/** What a helper does for ever. */
EXPORT __attribute__((export_name("help"))) void help() {
  prepare_base();
  pool_help();
}
