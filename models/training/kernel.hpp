// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

/// Compiles a kernel once per instruction set and picks the best at load time, so that one binary
/// runs everywhere and uses AVX-512 where there is any.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SYNFIRE_KERNEL \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), flatten))
#else
#define SYNFIRE_KERNEL
#endif
/// A helper that must be compiled into the kernel that calls it, for the kernel's instruction set.
#define SYNFIRE_INLINE __attribute__((always_inline)) inline

namespace synfire::training {

/// The upper half of an IEEE single: 8 bits of exponent, 8 of significand. Spikes and 8-bit integer
/// weights are exact in it.
struct Bfloat16 {
  std::uint16_t bits;
};

/// Channels that kernels work on together; populations are multiples of it.
inline constexpr int lanes = 16;
/// Time steps whose state a kernel keeps at once.
inline constexpr int largest_step_count = 16;

/// A half-open range of what one thread works on.
struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

using Floats = float __attribute__((vector_size(lanes * sizeof(float))));
using Integers = std::int32_t __attribute__((vector_size(lanes * sizeof(std::int32_t))));
using Words = std::uint32_t __attribute__((vector_size(lanes * sizeof(std::uint32_t))));
using Halves = std::uint16_t __attribute__((vector_size(lanes * sizeof(std::uint16_t))));

SYNFIRE_INLINE Floats load(const float* from) {
  Floats value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
SYNFIRE_INLINE Floats load(const Bfloat16* from) {
  Halves half;
  std::memcpy(&half, from, sizeof half);
  return reinterpret_cast<Floats>(__builtin_convertvector(half, Words) << 16);
}
SYNFIRE_INLINE void store(float* to, const Floats& value) {
  std::memcpy(to, &value, sizeof value);
}
/// Rounds to nearest, halves away from zero (one sum in 2^16 is a half); a NaN may become infinite.
SYNFIRE_INLINE void store(Bfloat16* to, const Floats& value) {
  const auto bits = reinterpret_cast<Words>(value);
  const Halves half = __builtin_convertvector((bits + 0x8000U) >> 16, Halves);
  std::memcpy(to, &half, sizeof half);
}

/// 1 where `where` is set (-1), else 0.
SYNFIRE_INLINE void store_ones(float* to, const Integers& where) {
  store(to, reinterpret_cast<Floats>(where & 0x3F800000));
}
SYNFIRE_INLINE void store_ones(Bfloat16* to, const Integers& where) {
  const Halves half = __builtin_convertvector(reinterpret_cast<Words>(where & 0x3F80), Halves);
  std::memcpy(to, &half, sizeof half);
}

SYNFIRE_INLINE Floats broadcast(float value) {
  return Floats{} + value;
}
/// The smaller of x >= 0 and `bound` > 0, compared as integers, which is one instruction.
SYNFIRE_INLINE Floats least(const Floats& x, float bound) {
  const auto bits = reinterpret_cast<Integers>(x);
  const auto most = reinterpret_cast<Integers>(broadcast(bound));
  return reinterpret_cast<Floats>(bits < most ? bits : most);
}
/// The magnitude, by clearing the sign bit.
SYNFIRE_INLINE Floats magnitude(const Floats& x) {
  return reinterpret_cast<Floats>(reinterpret_cast<Integers>(x) & 0x7FFFFFFF);
}

}  // namespace synfire::training
