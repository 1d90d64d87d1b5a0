// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/replay_rows.hpp"
#include "topology/spike_table.hpp"
#include "topology/token_past.hpp"
#include "topology/total_sum.hpp"

namespace synfire {

/// Tokens of a run that are replayed together, and what their timing depends on.
struct ReplayedTokens {
  ReplayedValues values;
  SpikeTable spikes;
  TokenPast past;
};

/// A simulation of the chip that replays some of a run's tokens, in times of its own.
class Replica final : private Probe {
 public:
  using PotentialRequest = SimulationOptions::PotentialRequest;

  /// Keeps references to network and chip. Of `options`, threads and replay are not looked at.
  Replica(const Network& network, const ChipDescription& chip, const Mapping& mapping,
          SimulationOptions options);

  /// Goes on at `now` after tokens that ran elsewhere. It must be quiet, and not beyond `now`.
  void resume_after(const TokenPast& past, TimePoint now) { simulation_.resume_after(past, now); }

  /// Pushes the tokens one after another, `before_push(i)` before each, and runs until the logits
  /// of the last.
  void run(ReplayedTokens& tokens, const std::function<void(std::size_t)>& before_push);

  void clear_context() { simulation_.clear_context(); }
  void drain() { simulation_.drain(); }
  bool is_quiet() const { return simulation_.is_quiet(); }

  /// All that has happened here; its rows have been reported.
  Tally tally() const { return tally_of(simulation_); }

  /// Rows that were not handed on yet.
  ReplayRows take_rows() { return std::exchange(rows_, {}); }

  /// Calls `what` whenever there are rows; nothing: they are kept.
  void on_rows(std::function<void(ReplayRows&)> what) { on_rows_ = std::move(what); }

 private:
  void on_spikes(std::span<const SpikeRecord> spikes) override;
  void on_steps(std::span<const StepRecord> steps) override;
  void on_potentials(const PotentialRecord& potentials) override;
  void on_token(const TokenRecord& token) override;
  void on_packets(std::span<const PacketRecord> packets) override;
  void report() {
    if (on_rows_) on_rows_(rows_);
  }

  SpikeTable spikes_;
  ReplayRows rows_;
  std::function<void(ReplayRows&)> on_rows_;
  ChipSimulation simulation_;
};

}  // namespace synfire
