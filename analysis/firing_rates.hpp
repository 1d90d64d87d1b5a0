// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/recording.hpp"

namespace synfire {

/// How rarely a population fired in some tokens of a recorded run.
struct FiringRate {
  PopulationId population{};
  std::uint64_t spikes = 0;
  double rate = 0;             ///< spikes per neuron and time step
  double silent_fraction = 0;  ///< neurons that did not fire
};

/// Of tokens [first, end) that reached the host, from their recorded spikes; one entry for each
/// population that sends spikes. For a whole run these are the numbers of sparsity.hpp.
///
/// Throws  ConfigError if none of the tokens reached the host.
std::vector<FiringRate> firing_rates(const Recording& recording, std::uint32_t first,
                                     std::uint32_t end);

}  // namespace synfire
