// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/twin.hpp"

namespace synfire {

/// What the host does with a chip, in order. What was done to the chip of a spiking run can be done
/// to its twins, so that prompts overlap in the layers and generated tokens wait alike.
enum class HostCall : std::uint8_t {
  push_token,
  await_logits,  ///< of the token pushed last
  clear_context,
};

struct TwinOptions {
  TwinKind kind = TwinKind::quantised;
  QueueKind queue = QueueKind::radix_heap;
  std::uint32_t context = 256;  ///< tokens that attention remembers
};

class TwinEngine;

/// A dense twin of a network running on the same chip: cost only, nothing is computed.
///
/// Every slice computes once a token, when the vectors of all its sources have been read; a
/// neurocore computes one slice at a time and then sends its vectors (TwinPlan), which pass the
/// network-on-chip as packets of their own length. A destination multiplies each value with its row
/// of weights while it reads the vector. Step credits and barriers are those of the spiking run,
/// with tokens in place of time steps: `synchronisation.window` tokens may be under way between a
/// source and its slowest target. Vectors wait at the port of their neurocore without holding it
/// up. Totals    as of a spiking run; nothing fires. A hop is charged for each spike packet's
/// length
///           that a vector begins, since that is what a hop of the chip is priced for;
///           `link_bit` for each bit.
/// Ignored   faults of the chip; capacities (the mapping is that of the spiking network).
/// Probe     hears of steps (time step 0), each from the arrival of its first vector, since that is
///           when its products begin, and of tokens (without logits).
/// Tested    reference/twin_*_test.cpp, property/twin_test.cpp.
class TwinSimulation {
 public:
  /// Keeps references to network, chip and probe.
  ///
  /// Throws  as require_twins and require_dense_numbers.
  TwinSimulation(const Network& network, const ChipDescription& chip, Mapping mapping,
                 TwinOptions options, Probe& probe);
  ~TwinSimulation();
  TwinSimulation(const TwinSimulation&) = delete;
  TwinSimulation& operator=(const TwinSimulation&) = delete;

  /// Does what the host did, then runs until no event is left.
  ///
  /// Throws  DeadlockError if nothing can move and a token is not finished; ConfigError if more
  ///         tokens are pushed than the context holds.
  void run(std::span<const HostCall> calls);

  const SimulationTotals& totals() const;

 private:
  std::unique_ptr<TwinEngine> engine_;
};

}  // namespace synfire
