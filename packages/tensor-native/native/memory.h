// Blocks of memory on cache lines, safe to ask for on any thread.
#pragma once
#include <cstddef>

/** At least `bytes`, aligned to 64; null when memory is out. */
void* new_block(size_t bytes);
void free_block(void* block);
/** As new_block, for what cannot go on without: ends the process (in WebAssembly, the call) when memory is out. */
void* need_block(size_t bytes);
