// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy.hpp"

#include <algorithm>
#include <numeric>

#include "analysis/layers.hpp"
#include "topology/operating_point.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

/// What a packet causes at a link, and so the link counts itself.
bool is_counted_by_links(Action action) {
  return component_of(action) == ComponentKind::network && action != Action::barrier_message;
}

std::vector<NamedEnergy> sum_by_layer(std::span<const std::string> names,
                                      const std::vector<NamedEnergy>& populations) {
  std::vector<NamedEnergy> layers;
  for (std::size_t i = 0; i < populations.size(); ++i) {
    const std::string& layer = names[i];
    auto found = std::ranges::find(layers, layer, &NamedEnergy::name);
    if (found == layers.end()) found = layers.insert(layers.end(), {layer, Energy{}});
    found->energy += populations[i].energy;
  }
  return layers;
}

}  // namespace

std::int64_t total_count(const SimulationTotals& totals, Action action) {
  return std::accumulate(
      totals.slices.begin(), totals.slices.end(), std::int64_t{0},
      [&](std::int64_t sum, const ActionCounts& counts) { return sum + counts[action]; });
}

Energy price(const ActionCounts& counts, Action action, const ChipDescription& chip) {
  return chip.energy[static_cast<std::size_t>(action)] * counts[action];
}

Energy price(const ActionCounts& counts, const ChipDescription& chip) {
  Energy sum;
  for (std::size_t action = 0; action < action_kinds; ++action) {
    sum += price(counts, static_cast<Action>(action), chip);
  }
  return sum;
}

StaticEnergy static_energy(const ChipDescription& chip, Duration time) {
  const RouterGraph graph = build_graph(chip);
  const StaticPowerDescription& power = chip.static_power;
  const std::int64_t chips = chip.board.columns * chip.board.rows;
  return {.chips = Energy::of_power(power.chip_nanowatts * chips, time),
          .routers = Energy::of_power(power.router_nanowatts * graph.router_count(), time),
          .neurocores = Energy::of_power(power.neurocore_nanowatts * graph.core_count(), time)};
}

EnergyReport price(const SimulationTotals& totals, const Network& network, const Mapping& mapping,
                   const ChipDescription& chip) {
  std::vector<std::string> names;
  for (const Population& population : network.populations()) names.push_back(population.name);
  return price(totals, names, mapping.slices, chip);
}

EnergyReport price(const SimulationTotals& totals, std::span<const std::string> populations,
                   std::span<const PopulationSlice> slices, const ChipDescription& description) {
  const ChipDescription chip = at_operating_point(description);
  EnergyReport report;
  for (const std::string& name : populations) report.by_population.push_back({name, Energy{}});
  for (std::size_t slice = 0; slice < totals.slices.size(); ++slice) {
    const std::size_t population = index(slices[slice].population);
    for (std::size_t action = 0; action < action_kinds; ++action) {
      const Energy energy = price(totals.slices[slice], static_cast<Action>(action), chip);
      report.dynamic += energy;
      report.by_action[action] += energy;
      report.by_population[population].energy += energy;
      if (is_counted_by_links(static_cast<Action>(action))) continue;
      const ComponentKind kind = component_of(static_cast<Action>(action));
      report.by_component[static_cast<std::size_t>(kind)] += energy;
    }
  }
  constexpr auto network_kind = static_cast<std::size_t>(ComponentKind::network);
  for (const ActionCounts& link : totals.links) {
    report.by_component[network_kind] += price(link, chip);
  }
  report.by_layer = sum_by_layer(layers_of(populations), report.by_population);
  report.leakage = static_energy(chip, totals.now.time_since_epoch());
  return report;
}

}  // namespace synfire
