// Segregated free lists over segments of memory, eight bins to a power of two, neighbours joined at once (Masmano et al. 2004, TLSF).
#include "heap.h"
#include "memory.h"

static const size_t LINE = 64, LEAST = 256, FIRST = (size_t)1 << 20, MOST = (size_t)64 << 20;

/** Stands on the cache line before its payload. */
struct Heap::Block {
  Block* before;  // its neighbour below; null at the start of a segment
  size_t size;    // bytes of the payload; 0 marks the end of a segment
  Block *next, *previous;
  bool is_free;

  char* payload() { return (char*)this + LINE; }
  Block* after() { return (Block*)(payload() + size); }
};
struct Heap::Segment {
  Segment* next;
  size_t bytes;
  Block* first() { return (Block*)((char*)this + LINE); }
};

/** The bin whose blocks have at least 2^(8 + bin / 8) · (1 + (bin mod 8) / 8) bytes. */
static int bin_of(size_t size) {
  int power = 8;
  while (power < 55 && ((size_t)2 << power) <= size) power++;
  return (power - 8) * 8 + (int)((size - ((size_t)1 << power)) >> (power - 3));
}

Heap::~Heap() {
  for (Segment* s = segments_; s;) {
    Segment* next = s->next;
    free_block(s);
    s = next;
  }
}

void Heap::link(Block* block) {
  const int bin = bin_of(block->size);
  block->is_free = true;
  block->previous = nullptr;
  block->next = bins_[bin];
  if (block->next) block->next->previous = block;
  bins_[bin] = block;
  filled_[bin / 64] |= (uint64_t)1 << (bin % 64);
}
void Heap::unlink(Block* block) {
  const int bin = bin_of(block->size);
  if (block->next) block->next->previous = block->previous;
  if (block->previous) block->previous->next = block->next;
  else if (!(bins_[bin] = block->next)) filled_[bin / 64] &= ~((uint64_t)1 << (bin % 64));
  block->is_free = false;
}

/** The smallest block of its own bin that fits, else any of the next bin that has one. */
Heap::Block* Heap::find(size_t size) {
  const int own = bin_of(size);
  Block* best = nullptr;
  for (Block* b = bins_[own]; b; b = b->next)
    if (b->size >= size && (!best || b->size < best->size)) best = b;
  if (best) return best;
  for (int bin = own + 1; bin < BINS;) {
    const uint64_t rest = filled_[bin / 64] >> (bin % 64);
    if (rest) return bins_[bin + __builtin_ctzll(rest)];
    bin = (bin / 64 + 1) * 64;
  }
  return nullptr;
}

/** One more segment, of half of what is held already within bounds, so that few are needed; untouched pages cost nothing. */
bool Heap::grow(size_t size) {
  size_t bytes = held_ / 2 < FIRST ? FIRST : held_ / 2 > MOST ? MOST : held_ / 2 / LINE * LINE;
  if (bytes < size + 3 * LINE) bytes = size + 3 * LINE;
  Segment* segment = (Segment*)new_block(bytes);
  if (!segment && bytes > size + 3 * LINE) segment = (Segment*)new_block(bytes = size + 3 * LINE);
  if (!segment) return false;
  *segment = {segments_, bytes};
  segments_ = segment;
  held_ += bytes;
  Block* block = segment->first();
  *block = {nullptr, bytes - 3 * LINE, nullptr, nullptr, false};
  *block->after() = {block, 0, nullptr, nullptr, false};
  link(block);
  return true;
}

void Heap::release_unused() {
  for (Segment** at = &segments_; *at;) {
    Segment* segment = *at;
    Block* block = segment->first();
    if (!block->is_free || block->size != segment->bytes - 3 * LINE) {
      at = &segment->next;
      continue;
    }
    unlink(block);
    *at = segment->next;
    held_ -= segment->bytes;
    free_block(segment);
  }
}

void Heap::trim() {
  release_unused();
  for (Block* bin : bins_)
    for (Block* block = bin; block; block = block->next) forget_pages(block->payload(), block->size);
}

#if defined(INGOT_SEPARATE_ARRAYS)  // for sanitizers, which then see where each array ends
void* Heap::take(size_t bytes) { return new_block(bytes); }
void Heap::give(void* payload) { free_block(payload); }
#else
void* Heap::take(size_t bytes) {
  const size_t size = bytes < LEAST ? LEAST : (bytes + LINE - 1) / LINE * LINE;
  if (size < bytes) return nullptr;
  Block* block = find(size);
  if (!block && !grow(size)) {
    release_unused();
    if (!grow(size)) return nullptr;
  }
  if (!block) block = find(size);
  unlink(block);
  if (block->size >= size + LINE + LEAST) {
    Block* rest = (Block*)(block->payload() + size);
    *rest = {block, block->size - size - LINE, nullptr, nullptr, false};
    rest->after()->before = rest;
    block->size = size;
    link(rest);
  }
  return block->payload();
}

void Heap::give(void* payload) {
  Block* block = (Block*)((char*)payload - LINE);
  Block* after = block->after();
  if (after->is_free) {
    unlink(after);
    block->size += LINE + after->size;
    block->after()->before = block;
  }
  Block* before = block->before;
  if (before && before->is_free) {
    unlink(before);
    before->size += LINE + block->size;
    before->after()->before = before;
    block = before;
  }
  link(block);
}
#endif
