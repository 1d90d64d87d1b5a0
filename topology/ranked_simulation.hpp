// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "sim/communicator.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/rank_windows.hpp"

namespace synfire {

/// What of a rank's own only its program knows.
struct RankHooks {
  /// Rank 0: called before every window of time; may throw to end the run there on all ranks alike.
  std::function<void()> check;
  /// Bytes of memory that the rank takes, for its profile.
  std::function<std::int64_t()> memory;
};

/// Why ranks cannot share a run of this network on this chip; empty if they can.
std::string obstacle_to_ranks(const Network& network, const ChipDescription& chip,
                              const SimulationOptions& options);

/// A network running on a board whose chips several ranks simulate: on rank 0, in place of a
/// ChipSimulation. The other ranks follow (follow_simulation).
///
/// Exact    Reports the same records in the same order, and has the same totals, as one rank: the
///          order of events (EventKey) within a rank is the same, and what crosses between ranks
///          comes before it is needed (RankWindows).
/// Memory   a rank keeps accumulators, membranes and attention of its own slices only; routes and
///          traffic plan are whole on every rank.
/// Errors   of another rank are thrown here, as Error with the rank's number, and end the run.
/// Thread-safety  none; all ranks must be in the same run.
/// Tested   property/ranks_test.
class RankedSimulation {
 public:
  /// Keeps references. `rank_of_router`: share_board. There must be no obstacle.
  RankedSimulation(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                   SimulationOptions options, std::vector<std::uint32_t> rank_of_router,
                   Probe& probe, Communicator& ranks, RankHooks hooks = {});
  /// Lets the other ranks go.
  ~RankedSimulation();
  RankedSimulation(const RankedSimulation&) = delete;
  RankedSimulation& operator=(const RankedSimulation&) = delete;

  // As of ChipSimulation.
  void push_token(std::span<const std::uint32_t> input_spikes);
  std::span<const std::int32_t> run_until_readout(std::uint32_t token);
  void drain();
  void clear_context();
  const SimulationTotals& totals();

  /// What every rank has done so far.
  std::vector<RankProfile> profiles();
  Duration lookahead() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A rank other than 0: does what a RankedSimulation on rank 0 asks for until it ends. Arguments as
/// there; of `network`, weights to slices of other ranks are not read.
void follow_simulation(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                       SimulationOptions options, std::vector<std::uint32_t> rank_of_router,
                       Communicator& ranks, RankHooks hooks = {});

}  // namespace synfire
