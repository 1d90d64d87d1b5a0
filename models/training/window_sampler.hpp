// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/alphabet.hpp"

namespace synfire::training {

using Tokens = std::vector<Token>;

/// Windows of the training texts in an order that depends on (seed, step) alone, so that training
/// can stop and go on anywhere.
class WindowSampler {
 public:
  /// `texts`: the corpus first, then extra texts; each longer than `length`.
  ///
  /// Throws  ConfigError for a text that is shorter.
  WindowSampler(std::vector<Tokens> texts, std::int64_t length, std::uint64_t seed);

  /// `count` windows of `length` + 1 tokens, one after another: input and, one further, target.
  /// A window comes from an extra text with probability `extra_share`, among these in proportion to
  /// their lengths.
  std::vector<std::int64_t> windows(std::int64_t step, std::int64_t count,
                                    double extra_share) const;

  std::int64_t tokens_in_corpus() const { return static_cast<std::int64_t>(texts_[0].size()); }

 private:
  std::vector<Tokens> texts_;
  std::int64_t length_;
  std::uint64_t seed_;
  std::uint64_t extra_tokens_ = 0;
};

}  // namespace synfire::training
