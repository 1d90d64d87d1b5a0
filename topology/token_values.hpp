// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "neurons/network_reference.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/spike_table.hpp"
#include "topology/token_past.hpp"

namespace synfire {

/// What a token does on any chip (invariant I1), but for its spikes.
struct TokenValues {
  std::vector<std::uint32_t> input_spikes;
  std::vector<std::int32_t> logits;
  /// [request * time steps + step]: potentials of the neurons that the request asks for.
  std::vector<std::vector<std::int32_t>> potentials;
};

/// Values of one token after another, by the dense integer reference.
class TokenValueSource {
 public:
  using PotentialRequest = SimulationOptions::PotentialRequest;

  /// Keeps a reference to the network. Potentials: of populations that have membranes.
  TokenValueSource(const Network& network, std::uint32_t context,
                   std::vector<PotentialRequest> potentials);

  /// Runs the next token; `spikes` gets its spikes, inputs included.
  TokenValues run_token(std::span<const std::uint32_t> input_spikes, SpikeTable& spikes);

  /// What the tokens so far leave to the next one.
  const TokenPast& past() const { return past_; }

  /// Starts a context.
  void clear_context();

 private:
  void note_values();

  const Network& network_;
  NetworkReference reference_;
  std::vector<PotentialRequest> potentials_;
  std::vector<std::optional<PopulationId>> values_of_;  ///< source of value, per population
  TokenPast past_;
};

}  // namespace synfire
