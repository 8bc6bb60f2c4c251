// Arrays by handle, on a heap that uses memory again: fresh pages cost more than the arithmetic on them.
#pragma once
#include <cstdint>

class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  /** A new array of `length` 4-byte elements, not initialised; −1 when memory is out. */
  int make(long length);
  void drop(int handle);
  /** Gives memory that no array stands on back to the system. */
  void trim();
  bool holds(int handle) const;
  long length(int handle) const;
  /** The array's place; a later `make` does not move it. */
  float* floats(int handle) const;
  int32_t* ints(int handle) const { return (int32_t*)floats(handle); }

 private:
  struct Inside;
  Inside* inside_;
};
