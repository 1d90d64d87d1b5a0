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
  explicit SpikeTable(const Network& network);

  /// Spikes in any order, each once.
  void add(std::span<const SpikeRecord> spikes);

  /// Neurons of the slice that fired in `step` (of the run: token * T + step within the token),
  /// ascending; none for a step that was never added.
  std::span<const std::uint32_t> spikes(const PopulationSlice& slice, std::uint32_t step) const;

 private:
  std::uint32_t time_steps_;
  std::vector<std::vector<std::vector<std::uint32_t>>> fired_;  ///< [population][step], ascending
};

}  // namespace synfire
