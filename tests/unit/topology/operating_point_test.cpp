// SPDX-License-Identifier: Apache-2.0
#include "topology/operating_point.hpp"

#include <catch2/catch.hpp>

#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr std::int64_t percent = OperatingPoint::nominal / 100;

Energy energy_of(const ChipDescription& chip, Action action) {
  return chip.energy[static_cast<std::size_t>(action)];
}

ChipDescription sample() {
  ChipDescription chip = load_chip("loihi-like");
  chip.static_power = {1000, 200, 30};
  return chip;
}

}  // namespace

TEST_CASE("At 100 % every shipped chip comes back unchanged") {
  for (const std::string& name : chip_preset_names()) {
    const ChipDescription chip = load_chip(name);
    CHECK(at_operating_point(chip) == chip);
  }
}

TEST_CASE("Half the neurocore frequency doubles the latencies of neurocores and of nothing else") {
  ChipDescription chip = sample();
  chip.operating_point.neurocore_frequency = 50 * percent;
  const ChipDescription scaled = at_operating_point(chip);
  CHECK(scaled.neurocore.axon_in_latency == 2 * chip.neurocore.axon_in_latency);
  CHECK(scaled.neurocore.synapse_fetch_latency == Duration{0});
  CHECK(scaled.neurocore.accumulate_latency == 2 * chip.neurocore.accumulate_latency);
  CHECK(scaled.neurocore.update_latency == 2 * chip.neurocore.update_latency);
  CHECK(scaled.neurocore.spike_out_latency == 2 * chip.neurocore.spike_out_latency);
  CHECK(scaled.neurocore.axon_out_latency == 2 * chip.neurocore.axon_out_latency);
  CHECK(scaled.attention.operation_latency == 2 * chip.attention.operation_latency);
  CHECK(scaled.horizontal == chip.horizontal);
  CHECK(scaled.synchronisation == chip.synchronisation);
  CHECK(scaled.host == chip.host);
  CHECK(scaled.energy == chip.energy);
}

TEST_CASE("Network frequency moves latency and bandwidth of links, credits and barrier") {
  ChipDescription chip = sample();
  chip.operating_point.network_frequency = 300 * percent;
  const ChipDescription scaled = at_operating_point(chip);
  CHECK(scaled.horizontal.latency == Duration{1367});  // 4100 / 3, rounded up
  CHECK(scaled.horizontal.megabits_per_second == 3 * chip.horizontal.megabits_per_second);
  CHECK(scaled.local.latency == Duration{1});  // never 0
  CHECK(scaled.board_link.latency == Duration{33334});
  CHECK(scaled.flow_control.credit_latency == Duration{1367});
  CHECK(scaled.synchronisation.barrier_latency == Duration{600'000});
  CHECK(scaled.neurocore == chip.neurocore);
  CHECK(scaled.host == chip.host);
}

TEST_CASE("A bandwidth is never scaled to 0, which would mean unlimited, and unlimited stays so") {
  ChipDescription chip = sample();
  chip.operating_point.network_frequency = 1;
  chip.horizontal.megabits_per_second = 1;
  chip.vertical.megabits_per_second = 0;
  const ChipDescription scaled = at_operating_point(chip);
  CHECK(scaled.horizontal.megabits_per_second == 1);
  CHECK(scaled.vertical.megabits_per_second == 0);
}

TEST_CASE("Voltage scales energies by its square and static power by itself, by domain") {
  ChipDescription chip = sample();
  chip.operating_point.neurocore_voltage = 50 * percent;
  chip.operating_point.network_voltage = 200 * percent;
  chip.energy[static_cast<std::size_t>(Action::axon_in)] = Energy::attojoules(10);
  chip.energy[static_cast<std::size_t>(Action::barrier_message)] = Energy::attojoules(7);
  chip.energy[static_cast<std::size_t>(Action::local_link)] = Energy::attojoules(9);
  const ChipDescription scaled = at_operating_point(chip);
  CHECK(energy_of(scaled, Action::axon_in) == Energy::attojoules(3));  // 2.5, to the nearest
  CHECK(energy_of(scaled, Action::synaptic_operation) == Energy::attojoules(35'500'000 / 4));
  CHECK(energy_of(scaled, Action::attention_memory_word) == Energy::attojoules(10'000'000));
  CHECK(energy_of(scaled, Action::barrier_message) == Energy::attojoules(28));
  CHECK(energy_of(scaled, Action::local_link) == Energy::attojoules(36));
  CHECK(energy_of(scaled, Action::hop_vertical) == Energy::attojoules(4 * 4'200'000));
  CHECK(energy_of(scaled, Action::host_bit) == energy_of(chip, Action::host_bit));
  CHECK(scaled.static_power == StaticPowerDescription{1000, 400, 15});
  CHECK(scaled.horizontal == chip.horizontal);
}

TEST_CASE("The dearest energy at ten times the voltage does not overflow") {
  ChipDescription chip = sample();
  chip.operating_point.neurocore_voltage = 1000 * percent;
  chip.energy[static_cast<std::size_t>(Action::axon_in)] =
      Energy::attojoules(1'000'000'000'000'000);
  CHECK(energy_of(at_operating_point(chip), Action::axon_in) ==
        Energy::attojoules(100'000'000'000'000'000));
}

TEST_CASE("A chip at its operating point is at nominal: scaling again changes nothing") {
  ChipDescription chip = sample();
  chip.operating_point = {70 * percent, 80 * percent, 120 * percent, 110 * percent};
  const ChipDescription once = at_operating_point(chip);
  CHECK(once.operating_point == OperatingPoint{});
  CHECK(at_operating_point(once) == once);
}

TEST_CASE("Links with latencies of their own are scaled, too") {
  const RouterGraph graph({{0, 0, 1, "a"}, {1, 0, 1, "b"}},
                          {{RouterId{0}, RouterId{1}, LinkKind::horizontal, Duration{100}, 30},
                           {RouterId{1}, RouterId{0}, LinkKind::horizontal}});
  OperatingPoint point;
  point.network_frequency = 50 * percent;
  const RouterGraph scaled = at_operating_point(graph, point);
  CHECK(scaled.links()[0].latency == Duration{200});
  CHECK(scaled.links()[0].megabits_per_second == 15);
  CHECK_FALSE(scaled.links()[1].latency.has_value());
  CHECK(scaled.core_count() == graph.core_count());
}

}  // namespace synfire::test
