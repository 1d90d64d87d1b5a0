// SPDX-License-Identifier: Apache-2.0
// Faults on random chips: what is lost is counted, synchronisation goes on, text comes out.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "analysis/summary.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"
#include "topology/faults.hpp"
#include "topology/spike_table.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr std::int64_t percent = FaultDescription::certain / 100;
constexpr std::uint32_t token_count = 3;

struct Case {
  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<Token> tokens;

  explicit Case(std::uint64_t seed)
      : model(random_decoder(seed).model),
        chip(random_chip(seed)),
        mapping(random_mapping(seed, model.network, chip)),
        tokens(random_tokens(seed, model.text.alphabet.size(), token_count)) {
    chip.faults.seed = static_cast<std::int64_t>(seed);
  }
  ChipRun run() const { return run_chip(model, chip, mapping, tokens, {}); }
};

void check_conservation(const SimulationTotals& totals) {
  CHECK(totals.deliveries_due == totals.packets_delivered + totals.lost.total());
  CHECK(totals.packets_in_flight == 0);
}

}  // namespace

TEST_CASE("Dropped, dead and stuck: every delivery is accounted for, and all tokens finish") {
  LossCounts lost;
  for (std::uint64_t i = 0; i < 48; ++i) {
    const std::uint64_t seed = base_seed() + 5000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.drop_rate = 3 * percent;
    c.chip.faults.dead_cores = 1;
    c.chip.faults.stuck_silent_rate = 2 * percent;
    c.chip.faults.stuck_firing_rate = 2 * percent;
    const RouterGraph graph = build_graph(c.chip);
    c.chip.faults.dead_links = std::ssize(graph.router_links()) / 4;
    const ChipRun run = c.run();
    CHECK(run.logits.size() == token_count);
    check_conservation(run.totals);
    lost.dropped += run.totals.lost.dropped;
    lost.dead_link += run.totals.lost.dead_link;
    lost.dead_core += run.totals.lost.dead_core;

    c.chip.faults = {};
    const ChipRun sound = c.run();
    CHECK(sound.totals.lost == LossCounts{});
    if (c.chip.multicast == Multicast::unicast) {
      CHECK(sound.totals.control_packets == run.totals.control_packets);
    }
  }
  CHECK(std::min({lost.dropped, lost.dead_link, lost.dead_core}) > 0);
}

TEST_CASE("A lost delivery is the same one on every network: unicast, tree, infinite and credit") {
  std::int64_t dropped = 0;
  for (std::uint64_t i = 0; i < 16; ++i) {
    const std::uint64_t seed = base_seed() + 6000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.drop_rate = 5 * percent;
    c.chip.faults.dead_cores = seed % 2 == 0 ? 1 : 0;
    const ChipRun first = c.run();
    dropped += first.totals.lost.dropped;
    c.chip.multicast = c.chip.multicast == Multicast::tree ? Multicast::unicast : Multicast::tree;
    c.chip.flow_control.kind = FlowControl::infinite;
    c.chip.synchronisation.kind = Synchronisation::barrier;
    const ChipRun other = c.run();
    CHECK(other.logits == first.logits);
    CHECK(other.totals.lost == first.totals.lost);
    CHECK(sorted_keys(other.probe.spikes) == sorted_keys(first.probe.spikes));
  }
  CHECK(dropped > 0);
}

TEST_CASE("What crosses a dead link is lost with all that lies behind it, the same by tree") {
  std::int64_t lost = 0;
  for (std::uint64_t i = 0; i < 16; ++i) {
    const std::uint64_t seed = base_seed() + 7000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.dead_links = (std::ssize(build_graph(c.chip).router_links()) + 7) / 8;
    c.chip.multicast = Multicast::unicast;
    const ChipRun unicast = c.run();
    c.chip.multicast = Multicast::tree;
    const ChipRun tree = c.run();
    CHECK(tree.logits == unicast.logits);
    CHECK(tree.totals.lost == unicast.totals.lost);
    check_conservation(tree.totals);
    lost += tree.totals.lost.dead_link;
    const FaultModel faults(c.chip.faults, build_graph(c.chip), c.model.network, c.mapping);
    for (const LinkId link : faults.dead_links()) {
      CHECK(tree.totals.link_use[index(link)].packets == 0);
    }
  }
  CHECK(lost > 0);
}

TEST_CASE("If every delivery is dropped, tokens still finish, with logits of 0") {
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::uint64_t seed = base_seed() + 8000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.drop_rate = FaultDescription::certain;
    const ChipRun run = c.run();
    CHECK(run.totals.packets_delivered == 0);
    CHECK(run.totals.lost.dropped == run.totals.deliveries_due);
    REQUIRE(run.logits.size() == token_count);
    for (const auto& logits : run.logits)
      CHECK(std::ranges::count(logits, 0) == std::ssize(logits));
  }
}

TEST_CASE("A stuck neuron fires in every step or in none; neurons of a dead core fire in none") {
  for (std::uint64_t i = 0; i < 16; ++i) {
    const std::uint64_t seed = base_seed() + 9000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.stuck_silent_rate = 10 * percent;
    c.chip.faults.stuck_firing_rate = 10 * percent;
    c.chip.faults.dead_cores = 1;
    const ChipRun run = c.run();
    const Network& network = c.model.network;
    const FaultModel faults(c.chip.faults, build_graph(c.chip), network, c.mapping);
    for (const PopulationSlice& slice : c.mapping.slices) {
      const auto& counts = run.totals.spikes_per_neuron[index(slice.population)];
      for (std::uint32_t neuron = slice.begin; neuron < slice.end; ++neuron) {
        const Stuck stuck = faults.stuck(slice.population, neuron);
        if (faults.is_dead(slice.core) || stuck == Stuck::silent) {
          CHECK(counts[neuron] == 0);
        } else if (stuck == Stuck::firing) {
          CHECK(counts[neuron] == token_count * network.time_steps());
        }
      }
    }
    CHECK(std::ranges::is_sorted(run.probe.spikes, {}, &SpikeRecord::time));
  }
}

TEST_CASE("I5: equal faults lose the same on one and on two threads") {
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::uint64_t seed = base_seed() + 10'000 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.faults.drop_rate = percent;
    c.chip.faults.stuck_firing_rate = percent;
    SimulationOptions options;
    const ChipRun first = run_chip(c.model, c.chip, c.mapping, c.tokens, options);
    options.threads = 2;
    options.queue = QueueKind::binary_heap;
    const ChipRun second = run_chip(c.model, c.chip, c.mapping, c.tokens, options);
    CHECK(second.totals.slices == first.totals.slices);
    CHECK(second.totals.lost == first.totals.lost);
    CHECK(second.logits == first.logits);
  }
}

TEST_CASE("The mean waiting in the network is that of all that arrive, dropped there or not") {
  double sound = 0;
  double faulty = 0;
  for (std::uint64_t i = 0; i < 24; ++i) {
    const std::uint64_t seed = base_seed() + 5500 + i;
    INFO("seed " << seed);
    Case c(seed);
    c.chip.synchronisation.kind = Synchronisation::barrier;
    const RouterGraph graph = build_graph(c.chip);
    const ChipRun full = c.run();
    SpikeTable table(c.model.network);  // so that the spikes do not depend on what is dropped
    table.add(full.probe.spikes);
    c.chip.faults.drop_rate = 99 * percent;
    const ChipRun lossy = run_chip(c.model, c.chip, c.mapping, c.tokens, {.replay = &table});
    CHECK(lossy.totals.packets_delivered * 10 < full.totals.packets_delivered);
    CHECK(lossy.totals.arrivals == full.totals.arrivals);
    sound += seconds(traffic_report(full.totals, graph, c.chip).mean_waiting);
    faulty += seconds(traffic_report(lossy.totals, graph, c.chip).mean_waiting);
  }
  CHECK(sound > 0);
  CHECK(faulty == Approx(sound).epsilon(0.25));  // neurocores read less, so times shift
}

}  // namespace synfire::test
