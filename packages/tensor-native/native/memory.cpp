// Memory from the C library, beneath a lock of our own in WebAssembly, whose library was built for one thread.
#include "memory.h"
#include <cstdlib>
#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#endif

#if defined(__wasm__)
namespace {
int taken = 0;
struct Turn {
  Turn() {
    while (__atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE)) {}
  }
  ~Turn() { __atomic_store_n(&taken, 0, __ATOMIC_RELEASE); }
};
}  // namespace
#else
namespace {
struct Turn {
  Turn() {}
};
}  // namespace
#endif

#if defined(INGOT_SEPARATE_ARRAYS)
static const size_t SMALLEST = 1;
#else
static const size_t SMALLEST = 64;
#endif

/** From so much on a block is worth the kernel's huge pages: weights and gradients are walked whole each step, and misses in the table of pages cost a third of it. */
static const size_t HUGE_PAGE = (size_t)2 << 20, WORTH = 4 * HUGE_PAGE;

void* new_block(size_t bytes) {
  const Turn turn;
  void* block = nullptr;
#if defined(__linux__)
  if (bytes >= WORTH) {
    if (posix_memalign(&block, HUGE_PAGE, bytes) != 0) return nullptr;
    madvise(block, bytes, MADV_HUGEPAGE);  // a wish: where it is refused, small pages serve
    return block;
  }
#endif
  return posix_memalign(&block, 64, bytes < SMALLEST ? SMALLEST : bytes) == 0 ? block : nullptr;
}
void free_block(void* block) {
  const Turn turn;
  free(block);
}
void forget_pages(void* start, size_t bytes) {
#if defined(__linux__)
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const uintptr_t from = ((uintptr_t)start + page - 1) / page * page, to = ((uintptr_t)start + bytes) / page * page;
  if (from < to) madvise((void*)from, to - from, MADV_DONTNEED);
#else
  (void)start;
  (void)bytes;
#endif
}
void* need_block(size_t bytes) {
  void* block = new_block(bytes);
  if (!block) __builtin_trap();
  return block;
}
