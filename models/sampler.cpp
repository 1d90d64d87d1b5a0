// SPDX-License-Identifier: Apache-2.0
#include "models/sampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t sampling_stream = 0x73616d706c65;  // "sample": this purpose's own draws
constexpr int fraction_bits = 32;
constexpr std::uint64_t one = std::uint64_t{1} << fraction_bits;

/// floor(sqrt(value)).
constexpr std::uint64_t integer_root(std::uint64_t value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31U; bit != 0; bit >>= 1U) {
    if ((root | bit) * (root | bit) <= value) root |= bit;
  }
  return root;
}

/// Entry i is 2^(-2^-(i+1)): what bit i behind the point of an exponent multiplies with.
constexpr std::array<std::uint64_t, fraction_bits> make_roots() {
  std::array<std::uint64_t, fraction_bits> roots{};
  std::uint64_t root = one / 2;
  for (std::uint64_t& entry : roots) entry = root = integer_root(root << fraction_bits);
  return roots;
}

constexpr auto roots_of_half = make_roots();

/// 2^-octaves in fixed point, rounded down.
std::uint64_t power_of_half(double octaves) {
  if (!(octaves < fraction_bits)) return 0;
  const auto exponent = static_cast<std::uint64_t>(octaves * static_cast<double>(one));
  std::uint64_t power = one;
  for (int i = 0; i < fraction_bits; ++i) {
    if ((exponent >> (fraction_bits - 1 - i) & 1U) != 0) {
      power = power * roots_of_half[i] >> fraction_bits;
    }
  }
  return power >> (exponent >> fraction_bits);
}

}  // namespace

Sampler::Sampler(double logit_scale, double temperature, std::uint64_t seed)
    : octaves_per_unit_(logit_scale / temperature * std::numbers::log2e),
      is_greedy_(temperature == 0.0),
      seed_(seed) {
  if (!(temperature >= 0.0) || !std::isfinite(temperature)) {
    throw ConfigError("temperature", std::to_string(temperature) +
                                         " is not 0 or more; 0 takes the likeliest character");
  }
}

Token Sampler::choose(std::span<const std::int32_t> logits, std::uint64_t index) const {
  const auto best = std::ranges::max_element(logits);
  if (is_greedy_) return static_cast<Token>(best - logits.begin());
  std::vector<std::uint64_t> cumulative;
  std::uint64_t total = 0;
  for (const std::int32_t logit : logits) {
    const std::int64_t below = std::int64_t{*best} - logit;
    total += below == 0 ? one : power_of_half(static_cast<double>(below) * octaves_per_unit_);
    cumulative.push_back(total);
  }
  const std::uint64_t draw = keyed_random(seed_, sampling_stream, index) % total;
  return static_cast<Token>(std::ranges::upper_bound(cumulative, draw) - cumulative.begin());
}

}  // namespace synfire
