// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_simulation.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/activity_probe.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t cores = 4;
constexpr std::uint32_t width = 64;

/// input -> a -> b -> readout; a and b have a quarter on each of 4 neurocores and every neuron
/// fires in every step, so that all send to all.
Network all_to_all() {
  const auto population = [](const char* name, std::uint32_t size, NeuronModel model) {
    Population result;
    result.name = name;
    result.size = size;
    result.model = model;
    if (model == NeuronModel::lif) result.threshold.assign(size, 1);
    if (model != NeuronModel::input) result.bias.assign(size, 0);
    return result;
  };
  const auto dense = [](std::uint32_t source, std::uint32_t target, std::size_t weights) {
    Projection result;
    result.source = PopulationId{source};
    result.target = PopulationId{target};
    result.weights.assign(weights, 1);
    result.weights.edit().front() = 2;
    return result;
  };
  Population a = population("a", width, NeuronModel::lif);
  a.bias.assign(width, 2);
  Population b = a;
  b.name = "b";
  return {2,
          {population("input", 1, NeuronModel::input), a, b,
           population("readout", 1, NeuronModel::readout)},
          {dense(0, 1, width), dense(1, 2, width * width), dense(2, 3, width)}};
}

Mapping around_the_ring() {
  Mapping mapping;
  mapping.slices.push_back({PopulationId{0}, 0, 1, host_core});
  constexpr std::uint32_t part = width / cores;
  for (std::uint32_t population = 1; population <= 2; ++population) {
    for (std::uint32_t core = 0; core < cores; ++core) {
      mapping.slices.push_back(
          {PopulationId{population}, core * part, (core + 1) * part, CoreId{core}});
    }
  }
  mapping.slices.push_back({PopulationId{3}, 0, 1, CoreId{0}});
  return mapping;
}

/// A torus of 4 x 1 tiles with the smallest buffers: two hops eastwards in a row wait for each
/// other all around it.
ChipDescription ring_of_four(std::vector<std::string> settings) {
  for (const char* setting :
       {"grid.topology=torus", "grid.width=4", "grid.height=1", "grid.cores_per_tile=1",
        "flow_control.kind=credit", "flow_control.buffer_depth=1", "neurocore.input_queue=1",
        "link.horizontal.bandwidth=8 Gb/s"}) {
    settings.emplace_back(setting);
  }
  return load_chip("ideal", settings);
}

std::int32_t logit_on(const ChipDescription& chip, SimulationTotals* totals = nullptr) {
  const Network network = all_to_all();
  ActivityProbe probe;
  ChipSimulation simulation(network, chip, around_the_ring(), {}, probe);
  simulation.push_token(std::vector<std::uint32_t>{0});
  const std::int32_t logit = simulation.run_until_readout(0)[0];
  simulation.drain();
  if (totals != nullptr) *totals = simulation.totals();
  return logit;
}

std::int64_t total(const SimulationTotals& totals, Action action) {
  std::int64_t sum = 0;
  for (const ActionCounts& counts : totals.slices) sum += counts[action];
  return sum;
}

}  // namespace

TEST_CASE(
    "ChipSimulation: a torus without a dateline deadlocks, and the error names the channels") {
  const ChipDescription chip =
      ring_of_four({"routing.virtual_channels=1", "routing.deadlock_check=off"});
  const Network network = all_to_all();
  ActivityProbe probe;
  ChipSimulation simulation(network, chip, around_the_ring(), {}, probe);
  simulation.push_token(std::vector<std::uint32_t>{0});
  std::string message;
  try {
    simulation.run_until_readout(0);
  } catch (const DeadlockError& error) {
    message = error.what();
  }
  INFO(message);
  CHECK(message.find("token 0 cannot finish") == 0);
  CHECK(message.find("waits at time step") != std::string::npos);
  CHECK(message.find("cycle of channels") != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
  CHECK_THROWS_AS(simulation.drain(), DeadlockError);
}

TEST_CASE("ChipSimulation: the deadlock check refuses such a torus before it runs") {
  const Network network = all_to_all();
  ActivityProbe probe;
  ChipDescription chip = ring_of_four({"routing.virtual_channels=2"});
  chip.routing.virtual_channels = 1;
  CHECK_THROWS_AS(ChipSimulation(network, chip, around_the_ring(), {}, probe), ConfigError);
}

TEST_CASE("ChipSimulation: with a dateline the same torus computes what a mesh does") {
  const std::int32_t expected = logit_on(load_chip("ideal"));
  CHECK(expected != 0);
  for (const char* multicast : {"multicast.kind=unicast", "multicast.kind=tree"}) {
    CHECK(logit_on(ring_of_four({"routing.virtual_channels=2", multicast})) == expected);
  }
}

TEST_CASE("ChipSimulation: every neurocore in use takes part in every barrier") {
  SimulationTotals totals;
  logit_on(load_chip("ideal", std::vector<std::string>{"synchronisation.kind=barrier"}), &totals);
  CHECK(totals.barriers > 0);
  CHECK(total(totals, Action::barrier_message) == cores * totals.barriers);
  // Charged to the first slice of each neurocore: the slices of `a`.
  for (std::uint32_t slice = 0; slice < totals.slices.size(); ++slice) {
    CHECK(totals.slices[slice][Action::barrier_message] ==
          (slice >= 1 && slice <= cores ? totals.barriers : 0));
  }
}

TEST_CASE("ChipSimulation: a data packet crosses two local links, the host's own not counted") {
  SimulationTotals totals;
  logit_on(load_chip("ideal"), &totals);
  std::int64_t expected = 0;
  for (std::size_t slice = 1; slice <= 2 * cores; ++slice) {
    // Each neuron of a sends to 4 neurocores, one of them its own; each of b to core 0.
    const bool is_a = slice <= cores;
    const std::int64_t spikes = totals.slices[slice][Action::spike_out];
    const std::int64_t ways = is_a ? cores - 1 : (slice == cores + 1 ? 0 : 1);
    CHECK(totals.slices[slice][Action::local_link] == 2 * ways * spikes);
    expected += 2 * ways * spikes;
  }
  CHECK(totals.slices[0][Action::local_link] == 2 * cores);  // input: ejections
  CHECK(totals.slices.back()[Action::local_link] == 1);      // logit: injection
  CHECK(total(totals, Action::local_link) == expected + 2 * cores + 1);
}

TEST_CASE("ChipSimulation: half the frequency everywhere makes a run take twice as long") {
  std::vector<std::string> settings = {"host.latency=1 ps", "host.bandwidth=unlimited"};
  SimulationTotals nominal, slow;
  logit_on(load_chip("loihi-like", settings), &nominal);
  settings.insert(settings.end(), {"operating_point.neurocore_frequency=50 %",
                                   "operating_point.network_frequency=50 %"});
  logit_on(load_chip("loihi-like", settings), &slow);
  const double ratio = static_cast<double>(slow.now.time_since_epoch().count()) /
                       static_cast<double>(nominal.now.time_since_epoch().count());
  CHECK(ratio == Approx(2.0).epsilon(0.001));
  CHECK(slow.slices == nominal.slices);
}

TEST_CASE(
    "ChipSimulation: tokens need one input and a readout, presentations what the inputs ask") {
  const Network network = all_to_all();
  ActivityProbe probe;
  ChipSimulation decoder(network, load_chip("ideal"), around_the_ring(), {.context = 2}, probe);
  CHECK_THROWS_AS(decoder.push_token(std::vector<std::uint32_t>{1}), ConfigError);
  CHECK_THROWS_AS(decoder.push_stimulus({}), ConfigError);
  CHECK_THROWS_AS(decoder.push_stimulus(std::vector<SpikeTrain>{{{2}, {0}}}), ConfigError);
  decoder.push_stimulus(std::vector<SpikeTrain>{{{0, 1}, {0, 0}}});
  const std::int32_t presented = decoder.run_until_readout(0)[0];
  decoder.push_token(std::vector<std::uint32_t>{0});
  CHECK(decoder.run_until_readout(1)[0] == presented);  // the same spikes in both steps
  CHECK_THROWS_AS(decoder.push_token(std::vector<std::uint32_t>{0}), ConfigError);

  const auto populations = network.populations();
  const Network silent(2, {populations[0], populations[1]}, {network.projections()[0]});
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, 1, host_core}, {PopulationId{1}, 0, width, CoreId{0}}};
  ChipSimulation without(silent, load_chip("ideal"), mapping, {}, probe);
  CHECK_THROWS_AS(without.push_token(std::vector<std::uint32_t>{0}), ConfigError);
}

}  // namespace synfire::test
