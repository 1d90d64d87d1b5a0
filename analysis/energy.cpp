// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy.hpp"

#include <algorithm>
#include <numeric>

#include "analysis/layers.hpp"
#include "sim/error.hpp"
#include "topology/operating_point.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

[[noreturn]] void throw_out_of_range() {
  throw Error(
      "energy: passes 9.2 J, the range of integer attojoules; run fewer tokens, or lower "
      "static_power or energy of the chip (a recording that was asked for is whole)");
}

Energy product(std::int64_t count, Energy each) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(count, each.in_attojoules(), &result)) throw_out_of_range();
  return Energy::attojoules(result);
}

void add(Energy& sum, Energy part) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(sum.in_attojoules(), part.in_attojoules(), &result)) {
    throw_out_of_range();
  }
  sum = Energy::attojoules(result);
}

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
    add(found->energy, populations[i].energy);
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
  return product(counts[action], chip.energy[static_cast<std::size_t>(action)]);
}

Energy price(const ActionCounts& counts, const ChipDescription& chip) {
  Energy sum;
  for (std::size_t action = 0; action < action_kinds; ++action) {
    add(sum, price(counts, static_cast<Action>(action), chip));
  }
  return sum;
}

Energy leakage_energy(std::int64_t static_power_nanowatts, Duration time) {
  constexpr std::int64_t picoseconds_per_attojoule_at_a_nanowatt = 1000;
  const std::int64_t whole = time.count() / picoseconds_per_attojoule_at_a_nanowatt;
  const std::int64_t rest = time.count() % picoseconds_per_attojoule_at_a_nanowatt;
  Energy sum = product(static_power_nanowatts, Energy::attojoules(whole));
  const Energy fraction = product(static_power_nanowatts, Energy::attojoules(rest));
  add(sum, Energy::attojoules(fraction.in_attojoules() / picoseconds_per_attojoule_at_a_nanowatt));
  return sum;
}

StaticEnergy static_energy(const ChipDescription& chip, Duration time) {
  const RouterGraph graph = build_graph(chip);
  const StaticPowerDescription& power = chip.static_power;
  const std::int64_t chips = chip.board.columns * chip.board.rows;
  return {.chips = leakage_energy(power.chip_nanowatts * chips, time),
          .routers = leakage_energy(power.router_nanowatts * graph.router_count(), time),
          .neurocores = leakage_energy(power.neurocore_nanowatts * graph.core_count(), time)};
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
      add(report.dynamic, energy);
      add(report.by_action[action], energy);
      add(report.by_population[population].energy, energy);
      if (is_counted_by_links(static_cast<Action>(action))) continue;
      const ComponentKind kind = component_of(static_cast<Action>(action));
      add(report.by_component[static_cast<std::size_t>(kind)], energy);
    }
  }
  constexpr auto network_kind = static_cast<std::size_t>(ComponentKind::network);
  for (const ActionCounts& link : totals.links) {
    add(report.by_component[network_kind], price(link, chip));
  }
  report.by_layer = sum_by_layer(layers_of(populations), report.by_population);
  report.leakage = static_energy(chip, totals.now.time_since_epoch());
  return report;
}

}  // namespace synfire
