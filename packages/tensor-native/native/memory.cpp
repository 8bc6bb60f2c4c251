// Memory from the C library, beneath a lock of our own in WebAssembly, whose library was built for one thread.
#include "memory.h"
#include <cstdlib>

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

void* new_block(size_t bytes) {
  const Turn turn;
  void* block = nullptr;
  return posix_memalign(&block, 64, bytes < SMALLEST ? SMALLEST : bytes) == 0 ? block : nullptr;
}
void free_block(void* block) {
  const Turn turn;
  free(block);
}
void* need_block(size_t bytes) {
  void* block = new_block(bytes);
  if (!block) __builtin_trap();
  return block;
}
