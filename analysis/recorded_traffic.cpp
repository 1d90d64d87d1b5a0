// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorded_traffic.hpp"

#include <algorithm>

#include "sim/error.hpp"

namespace synfire {

NeuronTraffic recorded_traffic(const Recording& recording, const Network& network) {
  const std::string file = recording.path().string();
  const bool is_same =
      recording.time_steps() == network.time_steps() &&
      std::ranges::equal(recording.populations(), network.populations(),
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
