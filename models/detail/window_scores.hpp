// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "models/evaluation.hpp"
#include "models/tokenizer.hpp"
#include "neurons/network.hpp"

namespace synfire::detail {

/// -log2 of the probability that softmax(logits * scale) gives to `target`.
template <typename Logit>
double surprise_bits(std::span<const Logit> logits, double scale, Token target) {
  const auto best = static_cast<double>(*std::ranges::max_element(logits));
  const auto below_best = [&](Logit logit) { return (static_cast<double>(logit) - best) * scale; };
  double sum = 0.0;
  for (const Logit logit : logits) sum += std::exp(below_best(logit));
  return (std::log(sum) - below_best(logits[target])) / std::numbers::ln2;
}

/// Sums over the scored predictions of one window.
struct WindowScore {
  double bits = 0.0;
  std::uint64_t correct = 0;

  /// Adds the prediction of the token `next`.
  template <typename Logit>
  void add(std::span<const Logit> logits, double scale, Token next) {
    bits += surprise_bits(logits, scale, next);
    const auto best = std::ranges::max_element(logits) - logits.begin();
    correct += best == next ? 1 : 0;
  }
};

/// Spikes of every neuron of every population; empty for graded populations and readouts.
using SpikeCounts = std::vector<std::vector<std::uint64_t>>;

SpikeCounts no_spikes(const Network& network);

/// Of `steps` time steps.
std::vector<PopulationActivity> activity_of(const Network& network, const SpikeCounts& spikes,
                                            double steps);

/// Throws  ConfigError `text` if the text has fewer than two tokens, `text.context` if the context
///         is shorter than two.
void check_scorable(std::span<const Token> text, std::size_t context);

/// Adds up the windows in their order, so that sums do not depend on who ran what; no populations.
Evaluation sum_up(std::span<const ScoredWindow> windows, std::span<const WindowScore> scores);

}  // namespace synfire::detail
