// SPDX-License-Identifier: Apache-2.0
#include "tests/support/activity_probe.hpp"

#include <algorithm>

namespace synfire::test {

std::vector<SpikeKey> sorted_keys(std::span<const SpikeRecord> spikes) {
  std::vector<SpikeKey> keys;
  keys.reserve(spikes.size());
  for (const SpikeRecord& spike : spikes) {
    keys.emplace_back(spike.token, spike.step, index(spike.population), spike.neuron);
  }
  std::ranges::sort(keys);
  return keys;
}

}  // namespace synfire::test
