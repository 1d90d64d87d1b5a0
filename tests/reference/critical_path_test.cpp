// SPDX-License-Identifier: Apache-2.0
// Invariant I6: on the ideal chip, latency equals the critical path computed by hand.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/activity_probe.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::test {
namespace {

/// input (1) -> a (1) -> readout (1), one step a token, each on a neurocore of its own.
Network chain() {
  Population input, a, readout;
  input.name = "input";
  input.size = 1;
  input.model = NeuronModel::input;
  a.name = "a";
  a.size = 1;
  a.threshold = {1};
  a.bias = {0};
  readout.name = "readout";
  readout.size = 1;
  readout.model = NeuronModel::readout;
  readout.bias = {3};
  Projection first, second;
  first.source = PopulationId{0};
  first.target = PopulationId{1};
  first.weights = {2};
  second.source = PopulationId{1};
  second.target = PopulationId{2};
  second.weights = {10};
  return {1, {input, a, readout}, {first, second}};
}

struct Path {
  std::int64_t fired_a;
  std::int64_t finished;
};

/// The same path by hand. Packets of a step leave the port in turn: the spike, then the end of the
/// step, which is what the next population waits for.
Path by_hand(const ChipDescription& chip, std::int64_t hops_to_a, std::int64_t hops_to_readout,
             std::int64_t hops_to_host) {
  const NeurocoreDescription& core = chip.neurocore;
  const auto way = [&](std::int64_t hops) {
    return 2 * chip.local.latency + hops * chip.horizontal.latency;
  };
  // The end of the step is decoded while the spike is accumulated, and takes effect after it.
  const auto read = [&](Duration spike_at, Duration end_at) {
    const Duration decoded = spike_at + core.axon_in_latency;
    return std::max(decoded + core.accumulate_latency,
                    std::max(decoded, end_at) + core.axon_in_latency);
  };
  const Duration fire_input = std::max(Duration{1}, chip.host.latency);
  const Duration spike_at_a = fire_input + Duration{1} + way(hops_to_a);
  const Duration end_at_a = fire_input + Duration{2} + way(hops_to_a);
  const Duration step_a = read(spike_at_a, end_at_a);
  const Duration fire_a = step_a + core.spike_out_latency;
  const Duration leaves_a = fire_a + core.axon_out_latency;
  const Duration spike_at_readout = leaves_a + way(hops_to_readout);
  const Duration end_at_readout = spike_at_readout + core.axon_out_latency;
  const Duration step_readout = read(spike_at_readout, end_at_readout);
  const Duration logit_leaves = step_readout + core.spike_out_latency + core.axon_out_latency;
  const Duration end_leaves = logit_leaves + core.axon_out_latency;
  return {fire_a.count(), (end_leaves + way(hops_to_host) + chip.host.latency).count()};
}

/// One neuron that its bias makes fire in every step and that drives itself a step later.
Network oscillator() {
  Population a{.name = "a", .size = 1, .model = NeuronModel::integrate_fire};
  a.threshold = {1};
  a.bias = {1};
  Projection self;
  self.weights = {1};
  self.delay = 1;
  return {8, {a}, {self}};
}

/// From one step of the oscillator to the next. What it sends reaches itself as soon as it has left
/// the port.
Duration period(const NeurocoreDescription& core) {
  const Duration spike_at = core.spike_out_latency + core.axon_out_latency;
  const Duration end_at = spike_at + core.axon_out_latency;
  const Duration decoded = spike_at + core.axon_in_latency;
  const Duration read =
      std::max(decoded + core.accumulate_latency, std::max(decoded, end_at) + core.axon_in_latency);
  return std::max(read, core.update_latency);
}

}  // namespace

TEST_CASE(
    "I6: a neuron that drives itself steps at the pace of its own loop, however long a delay") {
  const Network network = oscillator();
  for (const char* preset : {"ideal", "loihi-like"}) {
    const ChipDescription chip = load_chip(preset);
    ActivityProbe probe;
    ChipSimulation simulation(network, chip, map_network(network, chip, 2), {.context = 2}, probe);
    simulation.push_stimulus({});
    simulation.push_stimulus({});
    simulation.drain();
    REQUIRE(probe.spikes.size() == 16);
    const Duration fire = chip.neurocore.spike_out_latency;
    for (std::size_t i = 0; i < probe.spikes.size(); ++i) {
      INFO(preset << ", step " << i);
      CHECK(probe.spikes[i].time.time_since_epoch() ==
            fire + static_cast<std::int64_t>(i) * period(chip.neurocore));
    }
    REQUIRE(probe.tokens.size() == 2);
    CHECK(probe.tokens[0].finished == probe.spikes[7].time);
    CHECK(probe.tokens[1].finished == probe.spikes[15].time);
    CHECK(probe.tokens[1].logits.empty());
  }
}

TEST_CASE("I6: the latency of a three-population chain on the ideal chip is its critical path") {
  const Network network = chain();
  const ChipDescription chip = load_chip("ideal");
  const auto per_tile = static_cast<std::uint32_t>(chip.grid.cores_per_tile);
  for (std::uint32_t x = 1; x + 1 < static_cast<std::uint32_t>(chip.grid.width); ++x) {
    Mapping mapping;
    mapping.slices = {{PopulationId{0}, 0, 1, host_core},
                      {PopulationId{1}, 0, 1, CoreId{x * per_tile}},
                      {PopulationId{2}, 0, 1, CoreId{(x + 1) * per_tile}}};
    ActivityProbe probe;
    ChipSimulation simulation(network, chip, mapping, {}, probe);
    const std::vector<std::uint32_t> spike{0};
    simulation.push_token(spike);
    CHECK(simulation.run_until_readout(0)[0] == 13);
    const Path expected = by_hand(chip, x, 1, x + 1);
    REQUIRE(probe.spikes.size() == 2);
    CHECK(probe.spikes[1].time.time_since_epoch().count() == expected.fired_a);
    CHECK(probe.tokens[0].finished.time_since_epoch().count() == expected.finished);
  }
}

}  // namespace synfire::test
