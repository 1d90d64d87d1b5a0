// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorded_traffic.hpp"

#include <algorithm>

#include "sim/error.hpp"

namespace synfire {

namespace {

/// Without partial sums, which come last: they differ from chip to chip, but send payloads alike.
template <typename Described>
std::span<const Described> unsplit(std::span<const Described> populations) {
  const auto is_partial = [](const Described& population) {
    return whole_of(population.name) != population.name;
  };
  return populations.first(static_cast<std::size_t>(std::ranges::find_if(populations, is_partial) -
                                                    populations.begin()));
}

}  // namespace

NeuronTraffic recorded_traffic(const Recording& recording, const Network& network) {
  const std::string file = recording.path().string();
  const bool is_same =
      recording.time_steps() == network.time_steps() &&
      std::ranges::equal(unsplit(recording.populations()), unsplit(network.populations()),
                         [](const RecordedPopulation& a, const Population& b) {
                           return a.name == b.name && a.size == b.size && a.model == b.model;
                         });
  if (!is_same) throw IoError(file, "is of another model; record a run of this one");
  const auto totals = recording.totals();
  if (!totals || recording.token_count() == 0) {
    throw IoError(file, "holds no counts of spikes; record a run that ends");
  }
  return measured_traffic(network, totals->spikes_per_neuron,
                          static_cast<std::int64_t>(recording.token_count()));
}

}  // namespace synfire
