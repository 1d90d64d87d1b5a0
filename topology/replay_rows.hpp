// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/records.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/token_values.hpp"

namespace synfire {

/// Values of some tokens in a row.
struct ReplayedValues {
  std::uint32_t first_token = 0;
  std::vector<TokenValues> tokens;

  const TokenValues& of(std::uint32_t token) const { return tokens[token - first_token]; }
};

/// Collects what a replay reports, to be handed on at another time of the run and with its values.
class ReplayRows final : public Probe {
 public:
  void on_spikes(std::span<const SpikeRecord> spikes) override;
  void on_steps(std::span<const StepRecord> steps) override;
  void on_potentials(const PotentialRecord& potentials) override;
  void on_token(const TokenRecord& token) override;
  void on_packets(std::span<const PacketRecord> packets) override;

  /// Tells `probe` everything collected, `later` by so much, and forgets it. Rows of a kind keep
  /// their order; those of a token come before its end.
  void hand_on(Duration later, const ReplayedValues& values,
               std::span<const SimulationOptions::PotentialRequest> requests, Probe& probe);

 private:
  std::vector<SpikeRecord> spikes_;
  std::vector<StepRecord> steps_;
  std::vector<PacketRecord> packets_;
  std::vector<PotentialRecord> potentials_;  ///< whose spans say how many
  std::vector<TokenRecord> tokens_;          ///< without logits
};

}  // namespace synfire
