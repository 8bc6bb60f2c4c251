#include "arena.h"
#include <cstddef>
#include <cstdlib>
#include "memory.h"

namespace {

/** A list that grows by doubling; of the C++ library the kernels need nothing, which keeps the WebAssembly module small. */
template <class T>
struct List {
  T* items = nullptr;
  long count = 0, room = 0;

  void push(const T& item) {
    if (count == room) {
      room = room ? room * 2 : 16;
      items = (T*)realloc((void*)items, sizeof(T) * (size_t)room);
      if (!items) __builtin_trap();
    }
    items[count++] = item;
  }
  T pop() { return items[--count]; }
};

struct Slot {
  void* data;
  long length;
  int size_class;
};

/** Sizes in steps of an eighth of their power of two from 256 bytes on: at most an eighth is wasted. */
const int CLASSES = 8 * 56;
int class_of(uint64_t bytes) {
  int power = 8;
  while (power < 63 && ((uint64_t)1 << power) * 2 <= bytes) power++;
  const uint64_t base = (uint64_t)1 << power, step = base / 8;
  const uint64_t over = bytes > base ? (bytes - base + step - 1) / step : 0;
  return (power - 8) * 8 + (int)over;
}
/** May be more than a size_t holds. */
uint64_t size_of(int size_class) {
  const uint64_t base = (uint64_t)256 << (size_class / 8);
  return base + base / 8 * (uint64_t)(size_class % 8);
}

}  // namespace

struct Arena::Inside {
  List<Slot> slots;
  List<int> unused;
  List<void*> idle[CLASSES + 8];

  void free_idle() {
    for (auto& blocks : idle)
      while (blocks.count > 0) free_block(blocks.pop());
  }
};

Arena::Arena() : inside_((Inside*)calloc(1, sizeof(Inside))) {
  if (!inside_) __builtin_trap();
}
Arena::~Arena() {
  Inside& in = *inside_;
  for (long i = 0; i < in.slots.count; i++) free_block(in.slots.items[i].data);
  in.free_idle();
  for (auto& blocks : in.idle) free((void*)blocks.items);
  free(in.slots.items);
  free(in.unused.items);
  free(inside_);
}

int Arena::make(long length) {
  Inside& in = *inside_;
  if (length < 0) return -1;
  const int size_class = class_of((uint64_t)length * 4);
  const uint64_t bytes = size_of(size_class);
  if (bytes > SIZE_MAX) return -1;
  auto& idle = in.idle[size_class];
  void* data = idle.count > 0 ? idle.pop() : new_block((size_t)bytes);
  if (!data) {  // what waits to be used again, in other sizes, goes first
    in.free_idle();
    data = new_block((size_t)bytes);
  }
  if (!data) return -1;
  int handle = (int)in.slots.count;
  if (in.unused.count > 0) handle = in.unused.pop();
  else in.slots.push({});
  in.slots.items[handle] = {data, length, size_class};
  return handle;
}

void Arena::drop(int handle) {
  Slot& slot = inside_->slots.items[handle];
  inside_->idle[slot.size_class].push(slot.data);
  slot = {nullptr, 0, 0};
  inside_->unused.push(handle);
}

bool Arena::holds(int handle) const { return handle >= 0 && handle < inside_->slots.count && inside_->slots.items[handle].data; }
long Arena::length(int handle) const { return inside_->slots.items[handle].length; }
float* Arena::floats(int handle) const { return (float*)inside_->slots.items[handle].data; }
