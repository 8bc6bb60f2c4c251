#include "arena.h"
#include <cstdlib>
#include <new>
#include "heap.h"

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
};

}  // namespace

struct Arena::Inside {
  Heap heap;
  List<Slot> slots;
  List<int> unused;
};

Arena::Arena() : inside_((Inside*)malloc(sizeof(Inside))) {
  if (!inside_) __builtin_trap();
  new (inside_) Inside;
}
Arena::~Arena() {
  free(inside_->slots.items);
  free(inside_->unused.items);
  inside_->~Inside();
  free(inside_);
}

int Arena::make(long length) {
  Inside& in = *inside_;
  void* data = length < 0 ? nullptr : in.heap.take((size_t)length * 4);
  if (!data) return -1;
  int handle = (int)in.slots.count;
  if (in.unused.count > 0) handle = in.unused.pop();
  else in.slots.push({});
  in.slots.items[handle] = {data, length};
  return handle;
}

void Arena::drop(int handle) {
  Slot& slot = inside_->slots.items[handle];
  inside_->heap.give(slot.data);
  slot = {nullptr, 0};
  inside_->unused.push(handle);
}

bool Arena::holds(int handle) const { return handle >= 0 && handle < inside_->slots.count && inside_->slots.items[handle].data; }
long Arena::length(int handle) const { return inside_->slots.items[handle].length; }
float* Arena::floats(int handle) const { return (float*)inside_->slots.items[handle].data; }
