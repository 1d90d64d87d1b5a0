// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurons/network.hpp"
#include "sim/units.hpp"
#include "topology/action.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Kind of hardware that an action is charged to.
enum class ComponentKind : std::uint8_t { neurocore, attention_unit, network, host };
inline constexpr std::size_t component_kinds = 4;

std::string_view to_string(ComponentKind kind);
ComponentKind component_of(Action action);

/// Energy with the name of the part that spent it.
struct NamedEnergy {
  std::string name;
  Energy energy;
};

/// The `chip` account of a run: every counted action priced by one energy table.
///
/// Dynamic energy only in the `by_...` parts; each of them adds up to `dynamic` exactly
/// (invariant I2), because prices and sums are integer attojoules.
struct EnergyReport {
  Energy dynamic{};
  Energy leakage{};  ///< static power x simulated time
  std::array<Energy, action_kinds> by_action{};
  std::array<Energy, component_kinds> by_component{};  ///< network: from the links' own counts
  std::vector<NamedEnergy> by_population;              ///< in order of the network
  std::vector<NamedEnergy> by_layer;                   ///< in order of first appearance

  Energy total() const { return dynamic + leakage; }
};

/// Prices what a run counted. The counts are not changed, so a finished run can be priced again.
///
/// Throws  Error if an energy passes 9.2 J, the range of int64 attojoules.
EnergyReport price(const SimulationTotals& totals, const Network& network, const Mapping& mapping,
                   const ChipDescription& chip);

/// How often an action happened on the whole chip.
std::int64_t total_count(const SimulationTotals& totals, Action action);

/// Energy of one set of counts.
Energy price(const ActionCounts& counts, const ChipDescription& chip);
/// Energy of one action among them.
Energy price(const ActionCounts& counts, Action action, const ChipDescription& chip);

/// Static energy: power x time, rounded down to a whole attojoule.
Energy leakage_energy(std::int64_t static_power_nanowatts, Duration time);

}  // namespace synfire
