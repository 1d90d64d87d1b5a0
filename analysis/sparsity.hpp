// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire {

/// How rarely a population of spiking neurons fired.
struct PopulationSparsity {
  std::string population;
  double rate = 0;             ///< spikes per neuron and time step
  double silent_fraction = 0;  ///< neurons that never fired

  double sparsity() const { return 1 - rate; }
};

/// One entry per population that spikes, in order of the network; graded populations send in every
/// step and readouts never, so they have none. `tokens` were run.
std::vector<PopulationSparsity> sparsity(const Network& network, const SimulationTotals& totals,
                                         std::uint32_t tokens);
/// The same where only name, size and model of the populations are at hand.
std::vector<PopulationSparsity> sparsity(std::span<const Population> populations,
                                         std::uint32_t time_steps, const SimulationTotals& totals,
                                         std::uint32_t tokens);

}  // namespace synfire
