// SPDX-License-Identifier: Apache-2.0
#include "models/detail/window_scores.hpp"

#include "sim/error.hpp"

namespace synfire::detail {

SpikeCounts no_spikes(const Network& network) {
  SpikeCounts counts;
  for (const Population& population : network.populations()) {
    const bool is_spiking =
        !is_graded(population.model) && population.model != NeuronModel::readout;
    counts.emplace_back(is_spiking ? population.size : 0);
  }
  return counts;
}

std::vector<PopulationActivity> activity_of(const Network& network, const SpikeCounts& spikes,
                                            double steps) {
  std::vector<PopulationActivity> populations;
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    if (spikes[p].empty()) continue;
    std::uint64_t sum = 0;
    for (const std::uint64_t count : spikes[p]) sum += count;
    const auto neurons = static_cast<double>(spikes[p].size());
    const auto silent = static_cast<double>(std::ranges::count(spikes[p], 0U));
    populations.push_back({network.populations()[p].name,
                           static_cast<double>(sum) / (neurons * steps), silent / neurons});
  }
  return populations;
}

void check_scorable(std::span<const Token> text, std::size_t context) {
  if (text.size() < 2) {
    throw ConfigError("text", "has fewer than two tokens; there is nothing to predict");
  }
  if (context < 2) {
    throw ConfigError("text.context", "is below 2; a scoring window needs two halves");
  }
}

Evaluation sum_up(std::span<const ScoredWindow> windows, std::span<const WindowScore> scores) {
  Evaluation evaluation;
  double bits = 0.0;
  std::uint64_t correct = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    evaluation.characters += windows[i].end - windows[i].first_scored;
    bits += scores[i].bits;
    correct += scores[i].correct;
  }
  const auto characters = static_cast<double>(evaluation.characters);
  evaluation.bits_per_character = bits / characters;
  evaluation.accuracy = static_cast<double>(correct) / characters;
  return evaluation;
}

}  // namespace synfire::detail
