// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace synfire {

/// Mixes 64 bits so that nearby inputs give unrelated outputs (SplitMix64 finaliser; Steele, Lea
/// and Flood 2014, "Fast splittable pseudorandom number generators").
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// A draw that depends on its keys alone, not on what was drawn before: the same on any number of
/// threads. Use one `stream` for each purpose.
constexpr std::uint64_t keyed_random(std::uint64_t seed, std::uint64_t stream,
                                     std::uint64_t counter) {
  return mix_bits(mix_bits(mix_bits(seed) ^ stream) ^ counter);
}

/// As keyed_random, uniform in [0, 1) with 53 bits.
constexpr double keyed_uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  return static_cast<double>(keyed_random(seed, stream, counter) >> 11U) * 0x1.0p-53;
}

/// A stream of draws for one entity. Satisfies UniformRandomBitGenerator.
class RandomStream {
 public:
  using result_type = std::uint64_t;
  constexpr RandomStream(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  constexpr result_type operator()() { return keyed_random(seed_, stream_, counter_++); }
  constexpr double uniform() { return static_cast<double>((*this)() >> 11U) * 0x1.0p-53; }
  /// Uniform in [0, bound); the bias is below bound / 2^64.
  constexpr std::uint64_t below(std::uint64_t bound) { return (*this)() % bound; }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t counter_ = 0;
};

}  // namespace synfire
