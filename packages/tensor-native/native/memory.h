// Blocks of memory on cache lines, safe to ask for on any thread.
#pragma once
#include <cstddef>

/** At least `bytes`, aligned to 64; null when memory is out. */
void* new_block(size_t bytes);
void free_block(void* block);
/** Gives the whole pages within a range back to the system; what they held is lost, and the range stays usable. Nothing where the system has no such call. */
void forget_pages(void* start, size_t bytes);
/** As new_block, for what cannot go on without: ends the process (in WebAssembly, the call) when memory is out. */
void* need_block(size_t bytes);
