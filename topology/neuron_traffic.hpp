// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// What every neuron sends in `tokens` tokens: spikes, or payloads of graded populations.
///
/// Whole numbers, so that sums do not depend on their order.
struct NeuronTraffic {
  std::int64_t tokens = 0;
  /// Per population: packets of neurons [0, i), size + 1 entries.
  std::vector<std::vector<std::int64_t>> packets_before;

  /// Packets of neurons [begin, end) of a population to one destination.
  std::int64_t packets(PopulationId population, std::uint32_t begin, std::uint32_t end) const {
    const auto& before = packets_before[index(population)];
    return before[end] - before[begin];
  }
};

/// Firing rate that is taken where nothing is measured, in spikes per 1000 neurons and steps.
/// Assumed: the order of what the shipped models do; only its ratio to graded traffic matters.
inline constexpr std::int64_t assumed_rate_permille = 100;

/// Every spiking neuron fires at one rate; graded neurons send in every step, readout neurons once
/// a token.
NeuronTraffic assumed_traffic(const Network& network,
                              std::int64_t rate_permille = assumed_rate_permille);

/// Spikes as they were counted in a run of `tokens` tokens ([population][neuron]); graded and
/// readout neurons as above.
NeuronTraffic measured_traffic(const Network& network,
                               std::span<const std::vector<std::uint32_t>> spikes_per_neuron,
                               std::int64_t tokens);

}  // namespace synfire
