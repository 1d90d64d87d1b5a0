// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/energy.hpp"
#include "analysis/latency.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// A number that a sweep measures at every point; any of them may be an objective.
struct SweepMetric {
  std::string_view name;
  std::string_view units;
  bool is_maximised = false;  ///< as an objective; else minimised
  std::string_view sentence;
};

/// All of them, in the order of the table's columns.
std::span<const SweepMetric> sweep_metrics();

/// What a chip did with a workload.
struct SweepMeasurement {
  const ChipDescription& chip;
  const RouterGraph& graph;
  const SimulationTotals& totals;
  const EnergyReport& energy;
  const LatencyReport& latency;
  std::uint32_t neurocores = 0;  ///< that hold neurons
};

/// One value for each of sweep_metrics.
std::vector<double> measure(const SweepMeasurement& measurement);

/// Bits of a chip's memories, and its neurocores and routers as the bits that would take their
/// room: a stand-in for silicon area, which the chip files do not state.
double area_proxy(const ChipDescription& chip, const RouterGraph& graph);

}  // namespace synfire
