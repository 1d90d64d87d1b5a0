// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "neurons/spike_train.hpp"

namespace synfire {

/// Dense integer reference: a network without any hardware, token by token or, for networks that
/// are run on recorded input spikes, presentation by presentation.
///
/// Evaluates every population in dependency order, all neurons at once. Used by `verify` and
/// `evaluate` and by every test of invariant I1.
class NetworkReference {
 public:
  /// `context` tokens or presentations at most between two resets. Keeps a reference to the
  /// network.
  NetworkReference(const Network& network, std::uint32_t context);
  ~NetworkReference();
  NetworkReference(NetworkReference&&) noexcept;

  /// Forgets all tokens, and spikes that are still delayed.
  void reset();

  /// Only the last `tokens` tokens (the current one included) stay visible to attention; 0: all.
  /// Published attention only sees those; leaky attention sums over those with the same decays.
  /// For measuring how much context a model uses; a chip has no such limit.
  void limit_attention(std::uint32_t tokens);

  /// Runs all time steps of one token. Input spikes: ascending ids, the same in every step.
  ///
  /// Returns  one logit per readout neuron, valid until the next call.
  /// Throws   ConfigError if more than `context` tokens are given without a reset, or if the
  /// network
  ///          has not exactly one input.
  std::span<const std::int32_t> run_token(std::span<const std::uint32_t> input_spikes);

  /// Runs all time steps of one presentation: spikes of each input population, in the order of
  /// Network::inputs, over that many steps.
  ///
  /// Returns  logits as run_token, none if the network has no readout.
  /// Throws   ConfigError as run_token, or if spikes do not ascend or lie outside.
  std::span<const std::int32_t> run_presentation(std::span<const SpikeTrain> inputs);

  /// Neurons that fired in `step` of the last token, ascending. Empty for graded populations.
  std::span<const std::uint32_t> spikes(PopulationId population, std::uint32_t step) const;
  /// Payloads sent in `step` of the last token by a graded population (size entries).
  std::span<const std::int32_t> payloads(PopulationId population, std::uint32_t step) const;
  /// Membrane potentials after `step` of the last token, of populations that have membranes (size
  /// entries).
  std::span<const std::int32_t> potentials(PopulationId population, std::uint32_t step) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synfire
