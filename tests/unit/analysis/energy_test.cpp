// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy.hpp"

#include <limits>
#include <numeric>
#include <stdexcept>

#include <catch2/catch.hpp>

namespace synfire {
namespace {

/// Two populations on a chip where action k costs k + 1 aJ; one link carries what slice 0 sent.
struct PricedRun {
  Network network{
      1,
      {Population{.name = "input", .size = 1, .model = NeuronModel::input},
       Population{.name = "block0.attention.query", .size = 1, .threshold = {1}, .bias = {0}}},
      {Projection{.source = PopulationId{0}, .target = PopulationId{1}, .weights = {1}}}};
  Mapping mapping{
      .slices = {{PopulationId{0}, 0, 1, host_core}, {PopulationId{1}, 0, 1, CoreId{0}}},
      .cores = {}};
  ChipDescription chip;
  SimulationTotals totals;

  PricedRun() {
    for (std::size_t i = 0; i < action_kinds; ++i) {
      chip.energy[i] = Energy::attojoules(static_cast<std::int64_t>(i) + 1);
    }
    chip.grid.width = chip.grid.height = chip.grid.cores_per_tile = 1;
    totals.slices.resize(2);
    totals.links.resize(1);
    totals.slices[0][Action::host_bit] = 3;
    totals.slices[0][Action::hop_horizontal] = 5;
    totals.links[0][Action::hop_horizontal] = 5;
    totals.slices[1][Action::neuron_update] = 7;
    totals.slices[1][Action::attention_accumulate] = 11;
  }
};

Energy cost(Action action, std::int64_t count) {
  return Energy::attojoules(count * (static_cast<std::int64_t>(action) + 1));
}

template <typename Parts>
std::int64_t sum(const Parts& parts) {
  std::int64_t total = 0;
  for (const auto& part : parts) {
    if constexpr (std::is_same_v<std::decay_t<decltype(part)>, NamedEnergy>) {
      total += part.energy.in_attojoules();
    } else {
      total += part.in_attojoules();
    }
  }
  return total;
}

}  // namespace

TEST_CASE("Energy: actions, components, populations and layers each add up to the total exactly") {
  PricedRun run;
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  const std::int64_t total = report.dynamic.in_attojoules();
  CHECK(total > 0);
  CHECK(sum(report.by_action) == total);
  CHECK(sum(report.by_component) == total);
  CHECK(sum(report.by_population) == total);
  CHECK(sum(report.by_layer) == total);
}

TEST_CASE("Energy: each part is charged what its counts cost") {
  PricedRun run;
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(report.by_population[0].energy ==
        cost(Action::host_bit, 3) + cost(Action::hop_horizontal, 5));
  CHECK(report.by_layer[1].name == "block0.attention");
  CHECK(report.by_component[static_cast<std::size_t>(ComponentKind::attention_unit)] ==
        cost(Action::attention_accumulate, 11));
  CHECK(report.by_action[static_cast<std::size_t>(Action::neuron_update)] ==
        cost(Action::neuron_update, 7));
}

TEST_CASE("Energy: a packet that a link never carried breaks the component identity") {
  PricedRun run;
  run.totals.links[0][Action::hop_horizontal] = 4;
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(sum(report.by_component) != report.dynamic.in_attojoules());
}

TEST_CASE("Energy: static power times time is a line for chips, routers and neurocores each") {
  PricedRun run;
  constexpr std::int64_t watt = 1'000'000'000;  // nW
  run.chip.grid.width = 3;
  run.chip.grid.height = 2;
  run.chip.grid.cores_per_tile = 4;
  run.chip.board.columns = 2;
  run.chip.static_power = {
      .chip_nanowatts = watt, .router_nanowatts = 2 * watt, .neurocore_nanowatts = 3 * watt};
  run.totals.now = TimePoint{picoseconds(1'000'000)};  // 1 us
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(report.leakage.chips.in_joules() == Approx(2e-6));
  CHECK(report.leakage.routers.in_joules() == Approx(12 * 2e-6));
  CHECK(report.leakage.neurocores.in_joules() == Approx(48 * 3e-6));
  CHECK(report.total() == report.dynamic + report.leakage.total());
}

TEST_CASE("Energy: static power of a tree counts its inner routers, too") {
  PricedRun run;
  run.chip.grid.topology = TopologyKind::tree;
  run.chip.grid.width = 4;
  run.chip.grid.height = 4;
  run.chip.grid.arity = 4;  // 16 leaves, 4 above them, a root
  run.chip.static_power.router_nanowatts = 1'000;
  run.totals.now = TimePoint{picoseconds(1'000)};
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(report.leakage.routers == Energy::attojoules(21 * 1'000));
  CHECK(report.leakage.neurocores == Energy{});
}

TEST_CASE("Energy: what crosses boards, bits on links, and barriers are the network's") {
  PricedRun run;
  for (const Action action : {Action::hop_board, Action::board_link_bit, Action::link_bit,
                              Action::local_link, Action::control_hop}) {
    run.totals.slices[0][action] = 2;
    run.totals.links[0][action] = 2;
    CHECK(component_of(action) == ComponentKind::network);
  }
  run.totals.slices[1][Action::barrier_message] = 9;  // no link counts it
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  const Energy network = report.by_component[static_cast<std::size_t>(ComponentKind::network)];
  CHECK(network == cost(Action::hop_horizontal, 5) + cost(Action::hop_board, 2) +
                       cost(Action::board_link_bit, 2) + cost(Action::link_bit, 2) +
                       cost(Action::local_link, 2) + cost(Action::control_hop, 2) +
                       cost(Action::barrier_message, 9));
  CHECK(sum(report.by_component) == report.dynamic.in_attojoules());
}

TEST_CASE("Energy: half the voltage takes a quarter of the energy and half of the static power") {
  PricedRun run;
  constexpr std::int64_t half = OperatingPoint::nominal / 2;
  for (Energy& energy : run.chip.energy) energy = Energy::attojoules(energy.in_attojoules() * 4);
  run.chip.static_power = {
      .chip_nanowatts = 0, .router_nanowatts = 1'000, .neurocore_nanowatts = 1'000};
  run.totals.now = TimePoint{picoseconds(1'000)};
  const EnergyReport nominal = price(run.totals, run.network, run.mapping, run.chip);
  run.chip.operating_point.neurocore_voltage = half;
  const EnergyReport low = price(run.totals, run.network, run.mapping, run.chip);
  const auto update = static_cast<std::size_t>(Action::neuron_update);
  const auto hop = static_cast<std::size_t>(Action::hop_horizontal);
  CHECK(low.by_action[update].in_attojoules() * 4 == nominal.by_action[update].in_attojoules());
  CHECK(low.by_action[hop] == nominal.by_action[hop]);
  CHECK(low.leakage.neurocores.in_attojoules() * 2 == nominal.leakage.neurocores.in_attojoules());
  CHECK(low.leakage.routers == nominal.leakage.routers);
  CHECK(sum(low.by_action) == low.dynamic.in_attojoules());
  CHECK(sum(low.by_component) == low.dynamic.in_attojoules());
}

TEST_CASE("Energy: sums beyond 9.2 J, the range of 64-bit attojoules, are exact") {
  PricedRun run;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  run.chip.energy[static_cast<std::size_t>(Action::neuron_update)] = Energy::attojoules(most);
  run.totals.slices[1][Action::neuron_update] = most;
  run.totals.slices[0] = {};
  run.totals.slices[1][Action::attention_accumulate] = 0;
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(report.dynamic == Energy::attojoules(most) * most);
  CHECK(report.dynamic.in_joules() == Approx(8.507e19));
  CHECK_THROWS_AS(report.dynamic.in_attojoules(), std::range_error);
  constexpr std::int64_t kilowatt = 1'000'000'000'000;
  CHECK(Energy::of_power(kilowatt, picoseconds(1'000'000'000'000'000)).in_joules() == Approx(1e6));
  CHECK(Energy::of_power(3, picoseconds(999)) == Energy::attojoules(2));
}

}  // namespace synfire
