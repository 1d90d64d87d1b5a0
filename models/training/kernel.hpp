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
/// Round to nearest even; a NaN may become infinite.
SYNFIRE_INLINE void store(Bfloat16* to, const Floats& value) {
  const auto bits = reinterpret_cast<Words>(value);
  const Halves half = __builtin_convertvector((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16, Halves);
  std::memcpy(to, &half, sizeof half);
}

SYNFIRE_INLINE Floats broadcast(float value) {
  return Floats{} + value;
}
/// The magnitude, by clearing the sign bit.
SYNFIRE_INLINE Floats magnitude(const Floats& x) {
  return reinterpret_cast<Floats>(reinterpret_cast<Integers>(x) & 0x7FFFFFFF);
}

/// exp(x) for x <= 0, relative error under 1e-5; what is under -80 counts as -80.
SYNFIRE_INLINE Floats exp_of_negative(const Floats& x) {
  constexpr float log2_e = 1.44269504F;
  constexpr float ln_2 = 0.693147181F;
  const Floats y = (x < -80.0F ? broadcast(-80.0F) : x) * log2_e;
  const Integers whole = __builtin_convertvector(y - 0.5F, Integers);  // rounds to nearest: y <= 0
  const Floats f = (y - __builtin_convertvector(whole, Floats)) * ln_2;
  const Floats series =
      1.0F + f * (1.0F + f * (0.5F + f * (0.166666667F + f * (0.0416666667F + f * 8.3333333e-3F))));
  return series * reinterpret_cast<Floats>((whole + 127) << 23);
}

}  // namespace synfire::training
