// SPDX-License-Identifier: Apache-2.0
// Invariant I6 of dense twins: on the ideal chip, latency equals the critical path computed by
// hand.
#include <catch2/catch.hpp>

#include "tests/support/activity_probe.hpp"
#include "topology/twin_simulation.hpp"

namespace synfire::test {
namespace {

constexpr std::int64_t inputs = 2;
constexpr std::int64_t first = 3;
constexpr std::int64_t second = 4;
constexpr std::int64_t logits = 5;

/// input (2) -> a (3) -> b (4) -> readout (5), all dense.
Network chain() {
  const auto population = [](const char* name, std::int64_t size, NeuronModel model) {
    Population result;
    result.name = name;
    result.size = static_cast<std::uint32_t>(size);
    result.model = model;
    if (model == NeuronModel::lif) result.threshold.assign(result.size, 1);
    if (model != NeuronModel::input) result.bias.assign(result.size, 0);
    return result;
  };
  const auto dense = [](std::uint32_t source, std::int64_t rows, std::int64_t columns) {
    Projection result;
    result.source = PopulationId{source};
    result.target = PopulationId{source + 1};
    result.weights.assign(static_cast<std::size_t>(rows * columns), 1);
    return result;
  };
  return {4,
          {population("input", inputs, NeuronModel::input),
           population("a", first, NeuronModel::lif), population("b", second, NeuronModel::lif),
           population("readout", logits, NeuronModel::readout)},
          {dense(0, inputs, first), dense(1, first, second), dense(2, second, logits)}};
}

/// The ideal chip with latencies of its own for the units of twins.
ChipDescription ideal_chip() {
  ChipDescription chip = load_chip("ideal");
  chip.dense = {2, picoseconds(1'300), picoseconds(2'900)};
  return chip;
}

struct Path {
  std::int64_t injected;
  std::int64_t finished;
};

/// What happens one after another to one token; `functions` of each neuron of b.
Path by_hand(const ChipDescription& chip, std::int64_t hops_to_a, std::int64_t hops_to_host,
             std::int64_t functions) {
  const NeurocoreDescription& core = chip.neurocore;
  const auto way = [&](std::int64_t hops) {
    return 2 * chip.local.latency + hops * chip.horizontal.latency;
  };
  const auto layer = [&](std::int64_t sources, std::int64_t targets, std::int64_t evaluations) {
    const auto groups = [&](std::int64_t count) {
      return (count + chip.dense.lanes - 1) / chip.dense.lanes;
    };
    const Duration read = core.axon_in_latency + sources * groups(targets) * chip.dense.mac_latency;
    const Duration functions_time = groups(evaluations) * chip.dense.function_latency;
    return read + functions_time + targets * core.update_latency + core.spike_out_latency +
           core.axon_out_latency;
  };
  const Duration injected = chip.host.latency;
  const Duration at_a = injected + Duration{1} + way(hops_to_a);
  const Duration at_b = at_a + layer(inputs, first, 0) + way(1);
  const Duration at_readout = at_b + layer(first, second, second * functions) + way(1);
  const Duration at_host = at_readout + layer(second, logits, 0) + way(hops_to_host);
  return {injected.count(), (at_host + chip.host.latency).count()};
}

}  // namespace

TEST_CASE("I6: the latency of a twin's chain on the ideal chip is its critical path") {
  const Network network = chain();
  const ChipDescription chip = ideal_chip();
  const auto per_tile = static_cast<std::uint32_t>(chip.grid.cores_per_tile);
  for (std::uint32_t x = 1; x + 2 < static_cast<std::uint32_t>(chip.grid.width); ++x) {
    Mapping mapping;
    mapping.slices = {{PopulationId{0}, 0, inputs, host_core},
                      {PopulationId{1}, 0, first, CoreId{x * per_tile}},
                      {PopulationId{2}, 0, second, CoreId{(x + 1) * per_tile}},
                      {PopulationId{3}, 0, logits, CoreId{(x + 2) * per_tile}}};
    for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
      ActivityProbe probe;
      TwinSimulation twin(network, chip, mapping, {.kind = kind}, probe);
      const HostCall push = HostCall::push_token;
      twin.run({&push, 1});
      REQUIRE(probe.tokens.size() == 1);
      // The artificial twin normalises b and passes it through a GELU: two functions a neuron.
      const Path path = by_hand(chip, x, x + 2, kind == TwinKind::artificial ? 2 : 0);
      CHECK(probe.tokens[0].injected.time_since_epoch().count() == path.injected);
      CHECK(probe.tokens[0].finished.time_since_epoch().count() == path.finished);
    }
  }
}

TEST_CASE("Twins: tokens that wait for logits come one after another, a prompt's overlap") {
  const Network network = chain();
  const ChipDescription chip = ideal_chip();
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, inputs, host_core},
                    {PopulationId{1}, 0, first, CoreId{4}},
                    {PopulationId{2}, 0, second, CoreId{8}},
                    {PopulationId{3}, 0, logits, CoreId{12}}};
  using enum HostCall;
  const auto tokens_of = [&](const std::vector<HostCall>& calls) {
    ActivityProbe probe;
    TwinSimulation twin(network, chip, mapping, {}, probe);
    twin.run(calls);
    return probe.tokens;
  };
  const Path path = by_hand(chip, 1, 3, 0);
  const auto waiting = tokens_of({push_token, await_logits, push_token, await_logits, push_token});
  REQUIRE(waiting.size() == 3);
  for (std::int64_t i = 0; i < 3; ++i) {
    const auto& token = waiting[static_cast<std::size_t>(i)];
    CHECK(token.finished.time_since_epoch().count() == (i + 1) * path.finished);
  }
  const auto prompt = tokens_of({push_token, push_token, push_token});
  REQUIRE(prompt.size() == 3);
  CHECK(prompt[0].finished == waiting[0].finished);
  CHECK(prompt[2].injected < waiting[0].finished);
  CHECK(prompt[2].finished < waiting[2].finished);
}

}  // namespace synfire::test
