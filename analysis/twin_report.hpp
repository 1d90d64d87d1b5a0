// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/energy.hpp"
#include "analysis/latency.hpp"
#include "neurons/network.hpp"
#include "sim/units.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/twin_simulation.hpp"

namespace synfire {

/// When a token of a twin left the host and when its logits were back.
struct TwinTokenTimes {
  TimePoint injected{};
  TimePoint finished{};
  bool operator==(const TwinTokenTimes&) const = default;
};

/// Bits of spikes, payloads and vectors x links between routers that they crossed.
std::int64_t bit_hops(const ActionCounts& counts);

/// The same by the layer that sent them.
struct LayerTraffic {
  std::string layer;
  std::int64_t bit_hops = 0;
};
std::vector<LayerTraffic> traffic_by_layer(const SimulationTotals& totals, const Network& network,
                                           const Mapping& mapping);

/// What a dense twin did on the chip of a spiking run. Its cost alone: the function differs.
struct TwinReport {
  TwinKind kind = TwinKind::quantised;
  std::int64_t activation_bits = 0;
  SimulationTotals totals;
  EnergyReport energy;  ///< the chip account: counted actions at the chip's prices
  LatencyReport latency;
  std::vector<LayerTraffic> traffic;
  std::vector<TwinTokenTimes> tokens;  ///< in order
};

/// Runs a twin with what the host did to the spiking run, and prices it.
///
/// Throws  as TwinSimulation and price.
TwinReport run_twin(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                    const TwinOptions& options, std::span<const HostCall> calls);

}  // namespace synfire
