#include "arena.h"
#include <cstdlib>
#include <map>
#include <vector>

struct Arena::Inside {
  struct Slot {
    void* data;
    long length;
    size_t size;
  };
  std::vector<Slot> slots;
  std::vector<int> unused;
  std::map<size_t, std::vector<void*>> idle;
};

/** Sizes in steps of an eighth of their power of two, at least 256 bytes: at most an eighth is wasted. */
static size_t class_of(size_t bytes) {
  if (bytes < 256) return 256;
  size_t power = 256;
  while (power * 2 <= bytes) power *= 2;
  const size_t step = power / 8 < 64 ? 64 : power / 8;
  return (bytes + step - 1) / step * step;
}

Arena::Arena() : inside_(new Inside) {}
Arena::~Arena() {
  for (auto& slot : inside_->slots) free(slot.data);
  for (auto& entry : inside_->idle)
    for (void* data : entry.second) free(data);
  delete inside_;
}

int Arena::make(long length) {
  Inside& in = *inside_;
  const size_t size = class_of((size_t)length * 4);
  void* data = nullptr;
  auto& idle = in.idle[size];
  if (!idle.empty()) {
    data = idle.back();
    idle.pop_back();
  } else if (posix_memalign(&data, 64, size) != 0) {
    return -1;
  }
  int handle = (int)in.slots.size();
  if (in.unused.empty()) {
    in.slots.push_back({});
  } else {
    handle = in.unused.back();
    in.unused.pop_back();
  }
  in.slots[(size_t)handle] = {data, length, size};
  return handle;
}

void Arena::drop(int handle) {
  auto& slot = inside_->slots[(size_t)handle];
  inside_->idle[slot.size].push_back(slot.data);
  slot = {nullptr, 0, 0};
  inside_->unused.push_back(handle);
}

bool Arena::holds(int handle) const { return handle >= 0 && (size_t)handle < inside_->slots.size() && inside_->slots[(size_t)handle].data; }
long Arena::length(int handle) const { return inside_->slots[(size_t)handle].length; }
float* Arena::floats(int handle) const { return (float*)inside_->slots[(size_t)handle].data; }
