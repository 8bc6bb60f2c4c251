#include "arena.h"
#include <cstdlib>
#include <new>
#include "heap.h"

namespace {

struct Slot {
  void* data;   // null in one that is not in use
  long length;  // there: the next one that is not in use, or −1
};

}  // namespace

struct Arena::Inside {
  Heap heap;
  Slot* slots = nullptr;
  int count = 0, room = 0, unused = -1;

  /** A slot that is not in use; −1 when memory is out. */
  int slot() {
    if (unused >= 0) {
      const int handle = unused;
      unused = (int)slots[handle].length;
      return handle;
    }
    if (count == room) {
      const int more = room ? room * 2 : 64;
      Slot* grown = (Slot*)realloc((void*)slots, sizeof(Slot) * (size_t)more);
      if (!grown) return -1;
      slots = grown;
      room = more;
    }
    return count++;
  }
  /** Never needs memory: what is full can be emptied. */
  void leave(int handle) {
    slots[handle] = {nullptr, unused};
    unused = handle;
  }
};

Arena::Arena() : inside_((Inside*)malloc(sizeof(Inside))) {
  if (!inside_) __builtin_trap();
  new (inside_) Inside;
}
Arena::~Arena() {
  free(inside_->slots);
  inside_->~Inside();
  free(inside_);
}

int Arena::make(long length) {
  Inside& in = *inside_;
  const int handle = length < 0 ? -1 : in.slot();
  if (handle < 0) return -1;
  void* data = in.heap.take((size_t)length * 4);
  if (!data) {
    in.leave(handle);
    return -1;
  }
  in.slots[handle] = {data, length};
  return handle;
}

void Arena::drop(int handle) {
  inside_->heap.give(inside_->slots[handle].data);
  inside_->leave(handle);
}

void Arena::trim() { inside_->heap.trim(); }

bool Arena::holds(int handle) const { return handle >= 0 && handle < inside_->count && inside_->slots[handle].data; }
long Arena::length(int handle) const { return inside_->slots[handle].length; }
float* Arena::floats(int handle) const { return (float*)inside_->slots[handle].data; }
