// What an x86 processor and its system run, asked of the processor itself: under Zig the compiler's __builtin_cpu_supports always says no.
#pragma once
#include <cpuid.h>

struct X86 {
  /** With FMA. */
  bool avx2 = false;
  /** F and VL, with FMA. */
  bool avx512 = false;
};

/** CPUID leaves 1 and 7, and XCR0: the system must save the wide registers (Intel's manual, volume 1, chapters 13 and 14). */
static X86 x86_features() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return {};
  const bool fma = c >> 12 & 1, saves = c >> 27 & 1, avx = c >> 28 & 1;
  if (!fma || !saves || !avx || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return {};
  unsigned saved, high;
  __asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
  const bool ymm = (saved & 0x06) == 0x06, zmm = (saved & 0xe6) == 0xe6;
  const bool avx2 = b >> 5 & 1, f = b >> 16 & 1, vl = b >> 31 & 1;
  return {ymm && avx2, zmm && f && vl};
}
