// SPDX-License-Identifier: Apache-2.0
// Invariants I1 to I5 on random networks with delays, recurrence and recorded input spikes, over
// every kind of network-on-chip.
#include <algorithm>

#include <catch2/catch.hpp>

#include "neurons/network_reference.hpp"
#include "sim/error.hpp"
#include "tests/support/invariants.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/seed.hpp"
#include "topology/placement.hpp"
#include "topology/spike_table.hpp"

namespace synfire::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t networks_of_a_kind = 1;  // ten times slower
#else
constexpr std::uint64_t networks_of_a_kind = 8;
#endif

/// True if a population that a delayed projection leads back to fired.
bool has_recurrent_spikes(const Model& model, const ReferenceRun& run) {
  for (const Projection& projection : model.network.projections()) {
    if (projection.source != projection.target) continue;
    const auto is_of_source = [&](const SpikeKey& key) {
      return std::get<2>(key) == index(projection.source);
    };
    if (std::ranges::any_of(run.spikes, is_of_source)) return true;
  }
  return false;
}

std::int64_t control_hops(const SimulationTotals& totals) {
  std::int64_t hops = 0;
  for (const ActionCounts& slice : totals.slices) hops += slice[Action::control_hop];
  return hops;
}

}  // namespace

TEST_CASE("I1-I3: a random network on a random chip spikes as the reference does") {
  const auto kinds = all_network_kinds();
  std::int64_t recurrent = 0;
  for (std::uint64_t i = 0; i < networks_of_a_kind * kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 11000 + i;
    const NetworkKind& kind = kinds[i % kinds.size()];
    INFO("seed " << seed << ": " << to_string(kind));
    const Model model = random_network(seed);
    const ChipDescription chip = random_chip(seed, kind);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const ReferenceRun expected = run_reference(model);
    const ChipRun run = run_chip(model, chip, mapping, {});
    CHECK(run.logits == expected.logits);
    CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
    CHECK(run.totals.spikes == static_cast<std::int64_t>(expected.spikes.size()));
    CHECK(run.probe.tokens.size() == model.presentations());
    check_conservation(run.totals, chip);
    check_causality(run);
    recurrent += has_recurrent_spikes(model, expected) ? 1 : 0;
  }
  CHECK(recurrent > 0);
}

TEST_CASE("I1: a context begun anew forgets delayed spikes and starts from initial potentials") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    const std::uint64_t seed = base_seed() + 12000 + i;
    INFO("seed " << seed);
    const Model model = random_network(seed);
    const ChipDescription chip = random_chip(seed);
    ActivityProbe probe;
    ChipSimulation simulation(model.network, chip, random_mapping(seed, model.network, chip),
                              {.context = model.context()}, probe);
    NetworkReference reference(model.network, model.context());
    std::vector<SpikeKey> expected;
    for (std::uint32_t n = 0; n < 2 * model.presentations(); ++n) {
      if (n == model.presentations()) {
        simulation.clear_context();
        reference.reset();
      }
      const auto inputs =
          model.stimulus->presentation(n % model.presentations(), model.network.time_steps());
      simulation.push_stimulus(inputs);
      reference.run_presentation(inputs);
      append_spikes(reference, model.network, n, expected);
    }
    simulation.drain();
    std::ranges::sort(expected);
    CHECK(sorted_keys(probe.spikes) == expected);
  }
}

TEST_CASE("I4: replayed spikes of a random network give the times and counts of the full run") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 13000 + i;
    INFO("seed " << seed << ": " << to_string(kinds[i]));
    const Model model = random_network(seed);
    const ChipDescription chip = random_chip(seed, kinds[i]);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const ChipRun full = run_chip(model, chip, mapping, {});
    SpikeTable table(model.network);
    table.add(full.probe.spikes);
    check_equal_timing(full, run_chip(model, chip, mapping, {.replay = &table}));
  }
}

TEST_CASE("I5: queue kind and thread count change nothing of a random network's run") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 14000 + i;
    INFO("seed " << seed << ": " << to_string(kinds[i]));
    const Model model = random_network(seed);
    const ChipDescription chip = random_chip(seed, kinds[i]);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const ChipRun first = run_chip(model, chip, mapping, {.queue = QueueKind::binary_heap});
    for (const std::uint32_t threads : {1U, 2U, 8U}) {
      check_equal_timing(first, run_chip(model, chip, mapping, {.threads = threads}));
    }
  }
}

TEST_CASE(
    "Placements of recurrent networks keep function; their traffic is foretold to the packet") {
  for (std::uint64_t i = 0; i < 24; ++i) {
    const std::uint64_t seed = base_seed() + 15000 + i;
    const Model model = random_network(seed);
    ChipDescription chip = random_chip(seed);
    chip.multicast = Multicast::unicast;
    const Mapping drawn = random_mapping(seed, model.network, chip);
    const ReferenceRun expected = run_reference(model);
    for (const PlacementStrategy strategy :
         {PlacementStrategy::linear, PlacementStrategy::greedy, PlacementStrategy::annealing,
          PlacementStrategy::partition}) {
      INFO("seed " << seed << ": " << to_string(strategy));
      Mapping mapping;
      try {
        mapping = place_slices(model.network, chip, model.context(), drawn,
                               assumed_traffic(model.network),
                               {.strategy = strategy, .seed = seed, .proposals = 500});
      } catch (const ConfigError& error) {
        REQUIRE(strategy == PlacementStrategy::partition);  // built without METIS
        continue;
      }
      const ChipRun run = run_chip(model, chip, mapping, {});
      CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
      const TrafficHops foretold = traffic_hops(
          model.network, chip, mapping,
          measured_traffic(model.network, run.totals.spikes_per_neuron, model.presentations()));
      CHECK(foretold.data == run.totals.hops);
      CHECK(foretold.control == control_hops(run.totals));
    }
  }
}

}  // namespace synfire::test
