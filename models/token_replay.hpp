// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "models/token_runner.hpp"
#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Runs a decoder on a simulated chip, values first: the dense integer reference says what a token
/// does, and simulations of the chip replay when it does so, several tokens at the same time.
///
/// Exact      Function does not depend on hardware (I1), and a replay has the times of the full run
///            (I4). Timing of a token that begins on a quiet chip depends on nothing before but
///            TokenPast, so it is replayed at any time and moved to the end of the token before.
///            Whether the chip is quiet is looked at after every token (ChipSimulation::is_quiet);
///            from the first time on that it is not, tokens are replayed one after another on one
///            simulation. Tokens that are pushed together (a prompt) always are, and all of them if
///            packets are asked for.
/// Reports    to the probe what ChipSimulation would: the same rows, at the same times.
/// Memory     a simulation for each thread, and one; a few tokens' rows for each thread.
/// Order      The probe, and what is given to `then`, may be called by other threads than the
///            caller's, one at a time.
/// Throws     what ChipSimulation does, with a later call.
/// Tested     property/token_replay_test.
class TokenReplay final : public TokenRunner {
 public:
  /// Why runs of this network on this chip cannot be replayed token by token; empty if they can.
  /// Faults that change what fires contradict I1 (flipped bits do not: they are the network's).
  static std::string obstacle(const Network& network, const ChipDescription& chip);

  /// `options.threads` in all; `options.replay` is not looked at. Keeps references to network, chip
  /// and probe, which must have no obstacle.
  TokenReplay(const Network& network, const ChipDescription& chip, Mapping mapping,
              SimulationOptions options, Probe& probe);
  ~TokenReplay() override;

  void push_token(std::span<const std::uint32_t> input_spikes) override;
  /// Logits of the last token pushed; its timing may be replayed later.
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override;
  void clear_context() override;

  /// Does `what` when the timing of everything asked for so far is known.
  void then(std::function<void()> what);

  /// Replays everything asked for, until no event is left.
  void drain();

  /// Of the tokens whose timing is known and handed on. To be called by `what` of `then`, or after
  /// drain or an error.
  const SimulationTotals& totals();

  /// The chip was not quiet after a token, or every packet is told, so that tokens were replayed
  /// one after another.
  bool ran_in_order() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synfire
