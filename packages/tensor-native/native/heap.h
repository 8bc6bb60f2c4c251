// One heap of blocks that split and join: a training step asks for the same sizes again and again in the same order, so that a freed
// neighbourhood serves what comes next, whatever its size, and memory once touched is used again before new pages are.
#pragma once
#include <cstddef>
#include <cstdint>

class Heap {
 public:
  Heap() = default;
  ~Heap();
  Heap(const Heap&) = delete;
  /** At least `bytes`, on a cache line; null when memory is out. */
  void* take(size_t bytes);
  void give(void* payload);
  /** Gives back to the system what no block in use stands on. */
  void trim();

 private:
  struct Block;
  struct Segment;
  static const int BINS = 8 * 48, WORDS = BINS / 64;

  Block* bins_[BINS] = {};
  uint64_t filled_[WORDS] = {};
  Segment* segments_ = nullptr;
  size_t held_ = 0;

  Block* find(size_t size);
  bool grow(size_t size);
  void release_unused();
  void link(Block* block);
  void unlink(Block* block);
};
