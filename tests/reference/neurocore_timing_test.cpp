// SPDX-License-Identifier: Apache-2.0
// Spike times within neurocores by hand: reading, stepping, firing, sending, back-pressure.
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/activity_probe.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t inputs = 3;
constexpr std::uint32_t neurons = 4;

/// 3 inputs -> 4 neurons that all fire at the first spike -> a readout of one logit.
Network fan_out() {
  Population input, fires, readout;
  input.name = "input";
  input.size = inputs;
  input.model = NeuronModel::input;
  fires.name = "fires";
  fires.size = neurons;
  fires.threshold.assign(neurons, 1);
  fires.bias.assign(neurons, 0);
  readout.name = "readout";
  readout.size = 1;
  readout.model = NeuronModel::readout;
  readout.bias = {0};
  Projection first, second;
  first.source = PopulationId{0};
  first.target = PopulationId{1};
  first.weights.assign(inputs * neurons, 2);
  second.source = PopulationId{1};
  second.target = PopulationId{2};
  second.weights.assign(neurons, 1);
  return {1, {input, fires, readout}, {first, second}};
}

/// Neurons on core 0 and the readout on core 1, both at the host's router.
Mapping on_one_tile() {
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, inputs, host_core},
                    {PopulationId{1}, 0, neurons, CoreId{0}},
                    {PopulationId{2}, 0, 1, CoreId{1}}};
  return mapping;
}

struct Run {
  std::vector<std::int64_t> fired;  ///< by the neurons, in ps
  std::int64_t finished = 0;
  SimulationTotals totals;
};

Run run(const std::vector<std::string>& settings, const Mapping& mapping = on_one_tile()) {
  const Network network = fan_out();
  const ChipDescription chip = load_chip("ideal", settings);
  ActivityProbe probe;
  ChipSimulation simulation(network, chip, mapping, {}, probe);
  const std::vector<std::uint32_t> spikes{0, 1, 2};
  simulation.push_token(spikes);
  CHECK(simulation.run_until_readout(0)[0] == neurons);
  simulation.drain();
  Run result;
  for (const SpikeRecord& spike : probe.spikes) {
    if (spike.population == PopulationId{1}) {
      result.fired.push_back(spike.time.time_since_epoch().count());
    }
  }
  result.finished = probe.tokens[0].finished.time_since_epoch().count();
  result.totals = simulation.totals();
  return result;
}

const std::vector<std::string> stages = {
    "neurocore.axon_in_latency=2 ns",    "neurocore.synapse_fetch_latency=3 ns",
    "neurocore.accumulate_latency=5 ns", "neurocore.synapse_word=16 bit",
    "neurocore.synapse_lanes=2 lanes",   "neurocore.update_latency=7 ns",
    "neurocore.update_lanes=2 lanes",    "neurocore.spike_out_latency=11 ns",
    "neurocore.axon_out_latency=13 ns",  "host.latency=1 ns"};

std::vector<std::string> with(std::vector<std::string> settings,
                              const std::vector<std::string>& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace

TEST_CASE("Every stage of two neurocores in a row takes the time that it takes by hand") {
  // The host sends from 1000 ps on, a packet each ps; injection and ejection take 1 ps each. A row
  // is 4 weights of 8 bits: 2 words of 16 bits, 2 groups of 2 lanes. From arrival at `start`:
  //            decoded       words read            accumulated
  //   spike 0  2000          5000, 8000            5000 .. 15000
  //   spike 1  4000          11000, 14000          15000 .. 25000   (fetch is free at 8000)
  //   spike 2  10000         18000, 21000          25000 .. 35000   (fetch is free at 15000)
  //   end      17000         none                  35000            (decode is free at 15000)
  constexpr std::int64_t start = 1000 + 1 + 2;
  const Run result = run(stages);
  const std::int64_t step = start + 35'000;
  const std::int64_t fires = step + 11'000;
  CHECK(result.fired == std::vector<std::int64_t>{fires, fires, fires + 7000, fires + 7000});
  // Packets leave core 0 13 ns apart; the last spike is read in 2 + 3 + 5 ns before the end of the
  // step, which follows 13 ns later, is decoded. Then the readout's logit and end leave.
  const std::int64_t end_of_step = fires + 5 * 13'000 + 2;
  const std::int64_t readout_fires = end_of_step + 2000 + 11'000;
  CHECK(result.finished == readout_fires + 2 * 13'000 + 2 + 1000);
}

TEST_CASE("Occupancy of a neurocore by hand") {
  const SimulationTotals totals = run(stages).totals;
  const NeurocoreUse& use = totals.core_use[0];
  // 3 spikes and an end of step come, and the readout's step credit later. Arrivals lie 1 ps apart
  // and are taken at 0, 2000, 8000 and 15000 ps after the first.
  CHECK(use.packets == 5);
  CHECK(use.waiting == Duration{(2000 - 1) + (8000 - 2) + (15'000 - 3)});
  CHECK(use.max_queue_depth == 3);
  CHECK(use.input_busy == Duration{3 * 10'000});             // accumulate is the slowest stage
  CHECK(use.update_busy == Duration{2 * 7000});              // 4 neurons, 2 at a time
  CHECK(use.output_busy == Duration{(4 + 1 + 1) * 13'000});  // spikes, end of step, step credit
  CHECK(use.stalled == Duration{0});
  CHECK(totals.core_use.size() == 8 * 4 * 4 + 1);
  CHECK(totals.core_use.back().packets == 3);  // logit, end of token, step credit
}

TEST_CASE("Without fetch latency, decoding a packet overlaps with accumulating the one before") {
  // Three rows of 2 * 5 ns in turn after the first decoding; the end of the step is long decoded.
  const Run result = run(with(stages, {"neurocore.synapse_fetch_latency=0 ns"}));
  CHECK(result.fired.front() == 1000 + 1 + 2 + 2000 + 3 * 10'000 + 11'000);
}

TEST_CASE("Where decoding is the slowest stage, a packet takes effect every axon_in_latency") {
  const Run result = run(with(stages, {"neurocore.axon_in_latency=40 ns"}));
  CHECK(result.fired.front() == 1000 + 1 + 2 + 4 * 40'000 + 11'000);
}

TEST_CASE("Back-pressure: a neuron fires when the port has room, and its wait is counted") {
  // All four would fire at T. The port has room for one; a packet of 32 bits holds the injection
  // link for 100 ns from its composition at T + 13 ns on. So the second fires when the first gets
  // the link, and each later one 100 ns after.
  const auto slow = with(stages, {"flow_control.kind=credit", "neurocore.output_queue=1 packet",
                                  "neurocore.update_lanes=4 lanes", "host.bandwidth=unlimited",
                                  "link.local.bandwidth=320 Mb/s"});
  const Run result = run(slow);
  REQUIRE(result.fired.size() == neurons);
  const std::int64_t first = result.fired[0];
  CHECK(result.fired[1] == first + 13'000);
  CHECK(result.fired[2] == first + 113'000);
  CHECK(result.fired[3] == first + 213'000);
  CHECK(result.totals.core_use[0].stalled == Duration{13'000 + 100'000 + 100'000});

  const Run wide = run(with(slow, {"neurocore.output_queue=4 packets"}));
  CHECK(wide.fired == std::vector<std::int64_t>(neurons, wide.fired[0]));
  CHECK(wide.totals.core_use[0].stalled == Duration{0});
}

TEST_CASE("Back-pressure: a neurocore whose slices wait at the same time has waited once") {
  // The second slice steps after the first and comes to wait while the first one's second neuron
  // does; from then on there is always one that waits, until the last has fired.
  Mapping halves = on_one_tile();
  halves.slices[1].end = neurons / 2;
  halves.slices.insert(halves.slices.begin() + 2,
                       PopulationSlice{PopulationId{1}, neurons / 2, neurons, CoreId{0}});
  const Run result =
      run(with(stages, {"flow_control.kind=credit", "neurocore.output_queue=1 packet",
                        "neurocore.update_lanes=4 lanes", "host.bandwidth=unlimited",
                        "link.local.bandwidth=320 Mb/s"}),
          halves);
  REQUIRE(result.fired.size() == neurons);
  CHECK(result.fired[1] - result.fired[0] == 13'000);
  CHECK(result.totals.core_use[0].stalled == Duration{result.fired[3] - result.fired[0]});
}

TEST_CASE("Credits: the ejection link sends on when decode has taken a packet from the queue") {
  // One place in the readout's input queue and 300 ns to decode: the network's packets leave at
  // that pace, plus 1 ns of credit latency, plus the ejection link's 1 ps.
  const Run result =
      run(with(stages, {"flow_control.kind=credit", "flow_control.credit_latency=1 ns",
                        "neurocore.input_queue=1 packet", "neurocore.axon_in_latency=300 ns"}));
  CHECK(result.totals.core_use[1].max_queue_depth <= 1);
  const Run wide = run(with(stages, {"neurocore.axon_in_latency=300 ns"}));
  CHECK(result.finished == wide.finished);  // decode is never idle: a packet waits in the queue
  CHECK(wide.totals.core_use[1].max_queue_depth > 1);
}

}  // namespace synfire::test
