// A row in vectors: whole ones, then a partial last one through the same arithmetic.
#pragma once
#include "simd.h"

namespace {  // one copy per instruction set


/** The number of lanes of a whole vector, known when the loop is compiled. */
struct Whole {
  constexpr operator int() const { return VW; }
};

/** visit(i, lanes) for the vectors of elements from … to: `lanes` of them from element i. Read with load_part, write with store_part. */
template <class F>
INLINE void walk(long from, long to, const F& visit) {
  long i = from;
  for (; i + VW <= to; i += VW) visit(i, Whole{});
  if (i < to) visit(i, (int)(to - i));
}

}  // namespace
