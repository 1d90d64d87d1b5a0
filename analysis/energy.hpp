// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "sim/units.hpp"
#include "topology/action.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Energy with the name of the part that spent it.
struct NamedEnergy {
  std::string name;
  Energy energy;
  bool operator==(const NamedEnergy&) const = default;
};

/// Static power x simulated time, by the parts that draw it.
struct StaticEnergy {
  Energy chips{};       ///< beside routers and neurocores
  Energy routers{};     ///< all of the graph
  Energy neurocores{};  ///< all of the graph, used or not

  Energy total() const { return chips + routers + neurocores; }
  bool operator==(const StaticEnergy&) const = default;
};

/// The `chip` account of a run: every counted action priced by one energy table.
///
/// Dynamic energy only in the `by_...` parts; each of them adds up to `dynamic` exactly
/// (invariant I2), because prices and sums are integer attojoules.
struct EnergyReport {
  Energy dynamic{};
  StaticEnergy leakage;
  std::array<Energy, action_kinds> by_action{};
  std::array<Energy, component_kinds> by_component{};  ///< what links count: from their own counts
  std::vector<NamedEnergy> by_population;              ///< in order of the network
  std::vector<NamedEnergy> by_layer;                   ///< in order of first appearance

  Energy total() const { return dynamic + leakage.total(); }
  bool operator==(const EnergyReport&) const = default;
};

/// Prices what a run counted, at the chip's operating point. The counts are not changed, so a
/// finished run can be priced again.
///
/// Throws  ConfigError as build_graph.
EnergyReport price(const SimulationTotals& totals, const Network& network, const Mapping& mapping,
                   const ChipDescription& chip);
/// The same where only the populations' names are at hand, in order of the network.
EnergyReport price(const SimulationTotals& totals, std::span<const std::string> populations,
                   std::span<const PopulationSlice> slices, const ChipDescription& chip);

/// How often an action happened on the whole chip.
std::int64_t total_count(const SimulationTotals& totals, Action action);

/// Energy of one set of counts, by the table as it stands: give the chip at_operating_point.
Energy price(const ActionCounts& counts, const ChipDescription& chip);
/// Energy of one action among them.
Energy price(const ActionCounts& counts, Action action, const ChipDescription& chip);

/// Static energy of all chips, routers and neurocores; give the chip at_operating_point.
StaticEnergy static_energy(const ChipDescription& chip, Duration time);

}  // namespace synfire
