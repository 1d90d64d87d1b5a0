// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/token_runner.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire {

/// Runs a decoder on a simulated chip; prompt tokens follow each other through the layers.
class ChipRunner final : public TokenRunner {
 public:
  /// Keeps a reference to the simulation.
  explicit ChipRunner(ChipSimulation& simulation) : simulation_(simulation) {}

  void push_token(std::span<const std::uint32_t> input_spikes) override {
    simulation_.push_token(input_spikes);
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    return simulation_.run_until_readout(token);
  }
  void clear_context() override { simulation_.clear_context(); }

 private:
  ChipSimulation& simulation_;
};

}  // namespace synfire
