// How JavaScript calls a kernel: it writes handles, sizes and numbers into one shared block, then calls by index without arguments
// (some 25 ns, against 300 for typed arrays). A kernel reads them in order and leaves new handles in the block.
#pragma once
#include "arena.h"

// Always inlined: a copy that was compiled for one instruction set must never serve another.
#define ALWAYS inline __attribute__((always_inline))

/** What primitives.ts keeps to. */
static const int MOST_AXES = 32, MOST_PARTS = 64;

struct Call {
  Arena& arena;
  int32_t* ints;
  double* numbers;
  bool out_of_memory = false;
  int next_int = 1, next_number = 0, next_result = 0, room_count = 0;
  int rooms[8] = {};

  ALWAYS int integer() { return ints[next_int++]; }
  ALWAYS double number() { return numbers[next_number++]; }
  /** The array behind the next handle; null for −1, an absent one. */
  ALWAYS float* floats() {
    const int handle = integer();
    return handle < 0 ? nullptr : arena.floats(handle);
  }
  ALWAYS int32_t* whole() { return (int32_t*)floats(); }
  /** A new array, whose handle is the next result. */
  ALWAYS float* make(long length) {
    const int handle = arena.make(length);
    ints[next_result++] = handle;
    if (handle >= 0) return arena.floats(handle);
    out_of_memory = true;
    return nullptr;
  }
  /** `count` things until the call ends, not initialised; null when memory is out. Asked for before threads share the work: none of them can run out alone. */
  template <class T>
  ALWAYS T* room(long count) {
    const int handle = arena.make((long)(sizeof(T) / 4) * count);
    if (handle < 0) {
      out_of_memory = true;
      return nullptr;
    }
    rooms[room_count++] = handle;
    return (T*)arena.floats(handle);
  }
  /** 0; or 1 when memory was out, and what was made before that is given back. */
  int end() {
    while (room_count > 0) arena.drop(rooms[--room_count]);
    if (!out_of_memory) return 0;
    for (int i = 0; i < next_result; i++)
      if (ints[i] >= 0) arena.drop(ints[i]);
    return 1;
  }
};

struct Kernel {
  const char* name;
  void (*run)(Call&);
};
