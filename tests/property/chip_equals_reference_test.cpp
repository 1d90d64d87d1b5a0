// SPDX-License-Identifier: Apache-2.0
// Invariants I1 (function does not depend on hardware), I2 (conservation) and I3 (causality) on
// random decoders, chips and mappings.
#include <algorithm>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

void check_conservation(const SimulationTotals& totals) {
  CHECK(totals.deliveries_due == totals.packets_delivered);
  CHECK(totals.packets_in_flight == 0);
  ActionCounts by_slice, by_link;
  for (const ActionCounts& counts : totals.slices) by_slice += counts;
  for (const ActionCounts& counts : totals.links) by_link += counts;
  for (const Action action :
       {Action::hop_horizontal, Action::hop_vertical, Action::link_bit, Action::control_hop}) {
    CHECK(by_slice[action] == by_link[action]);
  }
  CHECK(totals.hops == by_link[Action::hop_horizontal] + by_link[Action::hop_vertical]);
}

void check_causality(const ChipRun& run) {
  CHECK(run.totals.least_waiting >= Duration{0});
  for (const LinkUse& use : run.totals.link_use) {
    CHECK(use.busy <= run.totals.now.time_since_epoch());
  }
  CHECK(std::ranges::is_sorted(run.probe.spikes, {}, &SpikeRecord::time));
  for (const auto& token : run.probe.tokens) CHECK(token.injected <= token.finished);
}

}  // namespace

TEST_CASE("I1-I3: a random decoder on a random chip spikes as the reference does") {
  for (std::uint64_t i = 0; i < 120; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed << " (SYNFIRE_SEED=" << seed << " runs it first)");
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(),
                                      std::min<std::size_t>(model.text.context, 6));
    const ReferenceRun expected = run_reference(model, tokens);
    const ChipRun run = run_chip(model, chip, mapping, tokens, {});
    CHECK(run.logits == expected.logits);
    CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
    CHECK(run.totals.spikes == static_cast<std::int64_t>(expected.spikes.size()));
    check_conservation(run.totals);
    check_causality(run);
  }
}

TEST_CASE("I1: a context begun anew forgets attention and membranes that tokens do not reset") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::uint64_t seed = base_seed() + 2000 + i;
    INFO("seed " << seed);
    const Model original = random_decoder(seed).model;
    std::vector<Population> populations(original.network.populations().begin(),
                                        original.network.populations().end());
    for (Population& population : populations) population.resets_each_token = false;
    const auto projections = original.network.projections();
    const Network network(original.network.time_steps(), populations,
                          {projections.begin(), projections.end()});
    const auto tokens = random_tokens(seed, original.text.alphabet.size(), 3);
    const ChipDescription chip = random_chip(seed);
    ActivityProbe probe;
    ChipSimulation simulation(network, chip, random_mapping(seed, network, chip), {}, probe);
    NetworkReference reference(network, original.text.context);
    for (std::uint32_t n = 0; n < 2 * tokens.size(); ++n) {
      const std::size_t position = n % tokens.size();
      if (n == tokens.size()) {
        simulation.clear_context();
        reference.reset();
      }
      const auto spikes = input_spikes(original.text, std::span(tokens).first(position + 1));
      simulation.push_token(spikes);
      const auto expected = reference.run_token(spikes);
      CHECK(std::ranges::equal(simulation.run_until_readout(n), expected));
    }
  }
}

TEST_CASE("I5: queue kind and thread count change nothing at all") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::uint64_t seed = base_seed() + 1000 + i;
    INFO("seed " << seed);
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 4);
    const auto run = [&](QueueKind queue, std::uint32_t threads) {
      SimulationOptions options;
      options.queue = queue;
      options.threads = threads;
      return run_chip(model, chip, mapping, tokens, options);
    };
    const ChipRun first = run(QueueKind::binary_heap, 1);
    for (const ChipRun& other : {run(QueueKind::radix_heap, 1), run(QueueKind::radix_heap, 2),
                                 run(QueueKind::binary_heap, 8)}) {
      CHECK(other.totals.now == first.totals.now);
      CHECK(other.totals.events == first.totals.events);
      CHECK(other.totals.slices == first.totals.slices);
      REQUIRE(other.probe.spikes.size() == first.probe.spikes.size());
      CHECK(std::ranges::equal(other.probe.spikes, first.probe.spikes, [](auto& a, auto& b) {
        return a.time == b.time && a.token == b.token && a.neuron == b.neuron &&
               a.population == b.population && a.step == b.step;
      }));
    }
  }
}

}  // namespace synfire::test
