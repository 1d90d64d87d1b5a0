// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "topology/chip_simulation.hpp"

namespace synfire {

/// What ChipSimulation stands on, whatever the event queue. The one implementation is
/// QueuedChipEngine, topology/detail/chip_engine_queued.hpp.
class ChipEngine {
 public:
  virtual ~ChipEngine() = default;
  virtual void push_token(std::span<const std::uint32_t> input_spikes) = 0;
  virtual void push_stimulus(std::span<const SpikeTrain> inputs) = 0;
  virtual std::span<const std::int32_t> run_until_readout(std::uint32_t token) = 0;
  virtual void drain() = 0;
  virtual void clear_context() = 0;
  virtual bool is_quiet() const = 0;
  virtual void resume_after(const TokenPast& past, TimePoint now) = 0;
  virtual const SimulationTotals& totals() = 0;
  virtual std::vector<InputStages> input_stages() const = 0;
  virtual const Mapping& mapping() const = 0;
};

std::unique_ptr<ChipEngine> make_chip_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe);

}  // namespace synfire
