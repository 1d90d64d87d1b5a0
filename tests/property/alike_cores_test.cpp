// SPDX-License-Identifier: Apache-2.0
// Neurocores that always get the same packets at the same time share a link and an input pipeline
// in the simulator, unless every packet is recorded. Nothing else may tell the two apart.
#include "topology/detail/alike_cores.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/seed.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t cases = 8;  // ten times slower
#else
constexpr std::uint64_t cases = 60;
#endif

/// Slices of one population lie side by side, as equal in size as they can be.
Mapping side_by_side(std::uint64_t seed, const Network& network, const ChipDescription& chip) {
  RandomStream random(seed, 21);
  const std::uint32_t cores = build_graph(chip).core_count();
  Mapping mapping;
  mapping.cores.resize(cores);
  auto core = static_cast<std::uint32_t>(random.below(cores));
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    const bool is_attention = population.model == NeuronModel::attention;
    const std::uint32_t grain = is_attention ? population.size / population.attention.heads : 1;
    const std::uint32_t grains = population.size / grain;
    const auto count = population.model == NeuronModel::input
                           ? 1
                           : static_cast<std::uint32_t>(1 + random.below(std::min(grains, 6U)));
    for (std::uint32_t i = 0; i < count; ++i) {
      const CoreId where =
          population.model == NeuronModel::input ? host_core : CoreId{core++ % cores};
      mapping.slices.push_back(
          {PopulationId{p}, grains * i / count * grain, grains * (i + 1) / count * grain, where});
    }
  }
  return mapping;
}

std::vector<std::tuple<TimePoint, std::uint32_t, std::uint32_t>> times_of(const ChipRun& run) {
  std::vector<std::tuple<TimePoint, std::uint32_t, std::uint32_t>> times;
  for (const SpikeRecord& spike : run.probe.spikes) {
    times.emplace_back(spike.time, index(spike.population), spike.neuron);
  }
  for (const StepRecord& step : run.probe.steps) {
    times.emplace_back(step.started, index(step.slice), 0);
    times.emplace_back(step.ended, index(step.slice), 0);
  }
  for (const auto& token : run.probe.tokens) times.emplace_back(token.finished, token.token, 0);
  return times;
}

/// Neurocores with slices that are like the one before them and send nothing to it.
std::int64_t count_alike(const Network& network, const ChipDescription& chip,
                         const Mapping& mapping) {
  const RouterGraph graph = build_graph(chip);
  const TrafficPlan plan = plan_traffic(network, mapping, *make_routing(graph, chip), chip);
  std::vector<bool> sends_to_itself(graph.core_count(), false);
  for (std::size_t i = 0; i < plan.slices.size(); ++i) {
    const CoreId core = mapping.slices[i].core;
    if (core == host_core) continue;
    for (const TreeRoots& roots : {plan.slices[i].end_of_token, plan.slices[i].credits}) {
      for (const std::uint32_t root : roots) {
        if (plan.nodes[root].destination != no_destination) sends_to_itself[index(core)] = true;
      }
    }
  }
  const auto alike = alike_cores(graph, plan, ReceptionTable(plan), sends_to_itself);
  return std::ranges::count_if(mapping.slices, [&](const PopulationSlice& slice) {
    return slice.core != host_core && alike[index(slice.core)] == 0;
  });
}

}  // namespace

TEST_CASE("Neurocores that are alike are timed and charged as if each had been simulated") {
  std::int64_t alike = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + 9'700 + i;
    INFO("seed " << seed);
    auto kinds = all_network_kinds();
    std::erase_if(kinds, [](const NetworkKind& kind) {
      return kind.flow_control != FlowControl::infinite || kind.multicast != Multicast::tree;
    });
    const NetworkKind kind = kinds[i % kinds.size()];
    const ChipDescription chip = random_chip(seed, kind);
    const bool has_text = i % 2 == 0;
    const Model model = has_text ? random_decoder(seed).model : random_network(seed);
    const Mapping mapping = side_by_side(seed, model.network, chip);
    alike += count_alike(model.network, chip, mapping);
    const auto run = [&](SimulationOptions options) {
      options.context = model.context();
      if (!has_text) return run_chip(model, chip, mapping, options);
      const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
      return run_chip(model, chip, mapping, tokens, options);
    };
    const ChipRun joined = run({});
    const ChipRun single = run({.packets = true});
    CHECK(joined.totals == single.totals);
    CHECK(joined.logits == single.logits);
    CHECK(times_of(joined) == times_of(single));
  }
  CHECK(alike > 0);
}

}  // namespace synfire::test
