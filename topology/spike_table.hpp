// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Who fired in which time step of an earlier run: all that a timing-only replay needs (I4).
class SpikeTable {
 public:
  /// Takes steps from `first_token` on.
  explicit SpikeTable(const Network& network, std::uint32_t first_token = 0);

  /// Spikes in any order, each once.
  void add(std::span<const SpikeRecord> spikes);
  /// All neurons of the population that fired in `step` of the run, ascending.
  void add(PopulationId population, std::uint32_t step, std::span<const std::uint32_t> neurons);

  /// Of all populations and steps.
  std::int64_t size() const;

  /// Neurons of the slice that fired in `step` (of the run: token * T + step within the token),
  /// ascending; none for a step that was never added.
  std::span<const std::uint32_t> spikes(const PopulationSlice& slice, std::uint32_t step) const;

 private:
  std::vector<std::uint32_t>& neurons_in(PopulationId population, std::uint32_t step);

  std::uint32_t time_steps_;
  std::uint32_t first_step_;
  /// [population][step - first step], ascending
  std::vector<std::vector<std::vector<std::uint32_t>>> fired_;
};

}  // namespace synfire
