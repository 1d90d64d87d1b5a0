// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy.hpp"

#include <limits>
#include <numeric>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

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

TEST_CASE("Energy: static power times time is a line of its own") {
  PricedRun run;
  run.chip.static_power.chip_nanowatts = 1'000'000'000;
  run.totals.now = TimePoint{picoseconds(1'000'000)};
  const EnergyReport report = price(run.totals, run.network, run.mapping, run.chip);
  CHECK(report.leakage.in_joules() == Approx(1e-6));
  CHECK(report.total() == report.dynamic + report.leakage);
}

TEST_CASE("Energy: what passes the range of integer attojoules is an error, not a wrong number") {
  PricedRun run;
  run.totals.slices[1][Action::neuron_update] = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(price(run.totals, run.network, run.mapping, run.chip), Error);
  CHECK_THROWS_AS(leakage_energy(1'000'000'000'000, picoseconds(1'000'000'000'000'000)), Error);
}

}  // namespace synfire
