// SPDX-License-Identifier: Apache-2.0
#include "models/training/window_sampler.hpp"

#include <utility>

#include "sim/error.hpp"

namespace synfire::training {
namespace {

/// Source  Steele, Lea, Flood: Fast splittable pseudorandom number generators (SplitMix64).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace

WindowSampler::WindowSampler(std::vector<Tokens> texts, std::int64_t length, std::uint64_t seed)
    : texts_(std::move(texts)), length_(length), seed_(seed) {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    if (static_cast<std::int64_t>(texts_[i].size()) <= length) {
      throw ConfigError("text", "has " + std::to_string(texts_[i].size()) +
                                    " tokens, too few for a window of " + std::to_string(length) +
                                    "; give a longer text");
    }
    if (i > 0) extra_tokens_ += texts_[i].size();
  }
}

std::vector<std::int64_t> WindowSampler::windows(std::int64_t step, std::int64_t count,
                                                 double extra_share) const {
  std::vector<std::int64_t> tokens;
  tokens.reserve(static_cast<std::size_t>(count * (length_ + 1)));
  for (std::int64_t i = 0; i < count; ++i) {
    std::uint64_t draw =
        mix(mix(mix(seed_) ^ static_cast<std::uint64_t>(step)) + static_cast<std::uint64_t>(i));
    const Tokens* text = texts_.data();
    const double uniform = static_cast<double>(draw >> 11) * 0x1p-53;
    draw = mix(draw);
    if (extra_tokens_ > 0 && uniform < extra_share) {
      std::uint64_t at = draw % extra_tokens_;
      ++text;
      while (at >= text->size()) at -= (text++)->size();
    }
    const std::uint64_t begin = mix(draw) % (text->size() - static_cast<std::size_t>(length_));
    for (std::int64_t n = 0; n <= length_; ++n) {
      tokens.push_back((*text)[begin + static_cast<std::size_t>(n)]);
    }
  }
  return tokens;
}

}  // namespace synfire::training
