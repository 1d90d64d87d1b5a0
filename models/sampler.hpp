// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "models/tokenizer.hpp"

namespace synfire {

/// Chooses the next token from integer logits.
///
/// At temperature 0 the largest logit wins, the lowest token among equals. Above, a token is drawn
/// with probability proportional to exp(logit * scale / temperature). Exponentials are taken in
/// 32-bit fixed point and a draw depends on (seed, index) alone, so that every machine, and every
/// order of calls, chooses the same; probabilities are exact to about 2^-24.
class Sampler {
 public:
  /// Throws  ConfigError `temperature` if it is negative or not finite.
  Sampler(double logit_scale, double temperature, std::uint64_t seed);

  /// Shapes  logits: one per token, at least one. `index` counts the choices of a run.
  Token choose(std::span<const std::int32_t> logits, std::uint64_t index) const;

 private:
  double octaves_per_unit_;  ///< halvings of a probability for each unit of logit below the best
  bool is_greedy_;
  std::uint64_t seed_;
};

}  // namespace synfire
