// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/token_runner.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/ranked_simulation.hpp"

namespace synfire {

/// Runs a decoder on a simulated chip; prompt tokens follow each other through the layers.
template <typename Simulation>
class SimulationRunner final : public TokenRunner {
 public:
  /// Keeps a reference to the simulation.
  explicit SimulationRunner(Simulation& simulation) : simulation_(simulation) {}

  void push_token(std::span<const std::uint32_t> input_spikes) override {
    simulation_.push_token(input_spikes);
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    return simulation_.run_until_readout(token);
  }
  void clear_context() override { simulation_.clear_context(); }

 private:
  Simulation& simulation_;
};

using ChipRunner = SimulationRunner<ChipSimulation>;
using RankedRunner = SimulationRunner<RankedSimulation>;  ///< of rank 0

}  // namespace synfire
