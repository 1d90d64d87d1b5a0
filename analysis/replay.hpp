// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "analysis/run_script.hpp"
#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

struct ReplayOptions {
  QueueKind queue = QueueKind::radix_heap;
  std::uint32_t context = 256;  ///< Model::context of the run
  /// Called before each token is handed to the chip; may be empty.
  std::function<void(const PushedToken&)> before_push{};
  /// Called before anything happens, with what lives until the replay ends: for probes that ask it
  /// for totals; may be empty.
  std::function<void(const ChipSimulation&)> on_start{};
};

/// Lets the chip do what the script says, as timing alone: no sums are computed, logits are 0.
///
/// On the chip and mapping of the run, times, counts and energy are those of the run (invariant
/// I4); on another they are what a run there would give. `network` is the script's, split to fit
/// (split_fan_in). A chip with faults is right only for a script that was recorded on it.
/// Throws  DeadlockError if nothing can move and the script has not ended; ConfigError as
///         ChipSimulation.
SimulationTotals replay(const RunScript& script, const Network& network,
                        const ChipDescription& chip, const Mapping& mapping, Probe& probe,
                        const ReplayOptions& options);

}  // namespace synfire
