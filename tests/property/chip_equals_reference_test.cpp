// SPDX-License-Identifier: Apache-2.0
// Invariants I1 (function does not depend on hardware), I2 (conservation) and I3 (causality) on
// random decoders, chips and mappings, over every kind of network-on-chip.
#include <algorithm>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/invariants.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t chips_of_a_kind = 1;  // ten times slower
#else
constexpr std::uint64_t chips_of_a_kind = 8;
#endif

Duration stalled(const SimulationTotals& totals) {
  Duration sum{};
  for (const NeurocoreUse& use : totals.core_use) sum += use.stalled;
  return sum;
}

}  // namespace

TEST_CASE("I1-I3: a random decoder on a random chip spikes as the reference does") {
  const auto kinds = all_network_kinds();
  Duration stalled_in_all{};
  for (std::uint64_t i = 0; i < chips_of_a_kind * kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + i;
    const NetworkKind& kind = kinds[seed % kinds.size()];
    INFO("seed " << seed << " (SYNFIRE_SEED=" << seed << " runs it first): " << to_string(kind));
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed, kind);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(),
                                      std::min<std::size_t>(model.text.context, 4));
    const ReferenceRun expected = run_reference(model, tokens);
    const ChipRun run = run_chip(model, chip, mapping, tokens, {});
    CHECK(run.logits == expected.logits);
    CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
    CHECK(run.totals.spikes == static_cast<std::int64_t>(expected.spikes.size()));
    check_conservation(run.totals, chip);
    check_causality(run);
    if (kind.flow_control == FlowControl::infinite) {
      CHECK(stalled(run.totals) == Duration{0});
    } else {
      stalled_in_all += stalled(run.totals);
    }
  }
  CHECK(stalled_in_all > Duration{0});  // else back-pressure was never tried
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

TEST_CASE("I2: between two tokens nothing is delivered that was not sent") {
  for (std::uint64_t i = 0; i < 16; ++i) {
    const std::uint64_t seed = base_seed() + 4000 + i;
    INFO("seed " << seed);
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
    ActivityProbe probe;
    ChipSimulation simulation(model.network, chip, random_mapping(seed, model.network, chip), {},
                              probe);
    for (std::uint32_t n = 0; n < tokens.size(); ++n) {
      simulation.push_token(input_spikes(model.text, std::span(tokens).first(n + 1)));
    }
    for (std::uint32_t n = 0; n < tokens.size(); ++n) {
      simulation.run_until_readout(n);
      const SimulationTotals& totals = simulation.totals();
      CHECK(totals.packets_in_flight >= 0);
      CHECK(totals.deliveries_due == totals.packets_delivered + totals.packets_in_flight);
    }
    simulation.drain();
    CHECK(simulation.totals().packets_in_flight == 0);
  }
}

TEST_CASE("I5: queue kind and thread count change nothing at all") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < 32; ++i) {
    const std::uint64_t seed = base_seed() + 1000 + i;
    const NetworkKind& kind = kinds[(2 * seed + seed / 32 % 2) % kinds.size()];
    INFO("seed " << seed << ": " << to_string(kind));
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed, kind);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
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
      CHECK(other.totals.links == first.totals.links);
      CHECK(other.totals.waiting == first.totals.waiting);
      CHECK((other.totals == first.totals));
      REQUIRE(other.probe.spikes.size() == first.probe.spikes.size());
      CHECK(std::ranges::equal(other.probe.spikes, first.probe.spikes, [](auto& a, auto& b) {
        return a.time == b.time && a.token == b.token && a.neuron == b.neuron &&
               a.population == b.population && a.step == b.step;
      }));
    }
  }
}

TEST_CASE("A tree crosses no more links than single packets, for the same deliveries") {
  std::int64_t saved = 0;
  for (std::uint64_t i = 0; i < 32; ++i) {
    const std::uint64_t seed = base_seed() + 3000 + i;
    INFO("seed " << seed);
    const Model model = random_decoder(seed).model;
    ChipDescription chip = random_chip(seed);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 2);
    chip.multicast = Multicast::unicast;
    const ChipRun unicast = run_chip(model, chip, mapping, tokens, {});
    chip.multicast = Multicast::tree;
    const ChipRun tree = run_chip(model, chip, mapping, tokens, {});
    CHECK(tree.logits == unicast.logits);
    CHECK(tree.totals.deliveries_due == unicast.totals.deliveries_due);
    CHECK(tree.totals.packets_injected <= unicast.totals.packets_injected);
    CHECK(tree.totals.control_packets <= unicast.totals.control_packets);
    for (std::size_t link = 0; link < tree.totals.link_use.size(); ++link) {
      const LinkUse& one = tree.totals.link_use[link];
      const LinkUse& many = unicast.totals.link_use[link];
      CHECK(one.packets <= many.packets);
      CHECK(one.control_packets <= many.control_packets);
      saved += many.packets - one.packets;
    }
  }
  CHECK(saved > 0);
}

}  // namespace synfire::test
