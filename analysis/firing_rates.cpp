// SPDX-License-Identifier: Apache-2.0
#include "analysis/firing_rates.hpp"

#include <algorithm>
#include <unordered_set>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;

bool sends_spikes(const RecordedPopulation& population) {
  return !is_graded(population.model) && population.model != NeuronModel::readout;
}

FiringRate rate_of(const Recording& recording, PopulationId population,
                   const std::unordered_set<std::uint32_t>& tokens) {
  const std::uint32_t size = recording.populations()[index(population)].size;
  FiringRate result{.population = population};
  std::vector<bool> has_fired(size, false);
  const std::uint64_t rows = recording.spike_count(population);
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    for (const SpikeRecord& spike :
         recording.spikes(population, first, std::min(rows_at_a_time, rows - first))) {
      if (!tokens.contains(spike.token)) continue;
      ++result.spikes;
      has_fired[spike.neuron] = true;
    }
  }
  const double chances =
      static_cast<double>(size) * recording.time_steps() * static_cast<double>(tokens.size());
  result.rate = static_cast<double>(result.spikes) / chances;
  result.silent_fraction = static_cast<double>(std::ranges::count(has_fired, false)) / size;
  return result;
}

}  // namespace

std::vector<FiringRate> firing_rates(const Recording& recording, std::uint32_t first,
                                     std::uint32_t end) {
  std::unordered_set<std::uint32_t> tokens;
  for (const RecordedToken& token : recording.tokens()) {
    if (token.token >= first && token.token < end) tokens.insert(token.token);
  }
  if (tokens.empty()) {
    throw ConfigError("sparsity", "none of the tokens reached the host, so there are no rates");
  }
  std::vector<FiringRate> rates;
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    if (!sends_spikes(recording.populations()[i])) continue;
    rates.push_back(rate_of(recording, PopulationId{i}, tokens));
  }
  return rates;
}

}  // namespace synfire
