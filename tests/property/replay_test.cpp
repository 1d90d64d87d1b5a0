// SPDX-License-Identifier: Apache-2.0
// Invariant I4: recorded spikes, replayed as timing only, give the times and counts of a full run,
// on the chip that they were recorded on and on any other.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"
#include "topology/spike_table.hpp"

namespace synfire::test {
namespace {

SpikeTable table_of(const Network& network, const ChipRun& run) {
  SpikeTable table(network);
  table.add(run.probe.spikes);
  return table;
}

/// Everything that a simulation counts and when everything happened, but for the logits.
void check_equal_timing(const ChipRun& full, const ChipRun& replay) {
  const SimulationTotals &a = full.totals, &b = replay.totals;
  CHECK(a.now == b.now);
  CHECK(a.events == b.events);
  CHECK(a.packets_injected == b.packets_injected);
  CHECK(a.packets_delivered == b.packets_delivered);
  CHECK(a.lost == b.lost);
  CHECK(a.hops == b.hops);
  CHECK(a.waiting == b.waiting);
  CHECK(a.slices == b.slices);  // so the energy is equal, to the attojoule
  CHECK(a.links == b.links);
  CHECK(std::ranges::equal(a.link_use, b.link_use, [](const LinkUse& x, const LinkUse& y) {
    return x.busy == y.busy && x.waiting == y.waiting && x.max_queue_depth == y.max_queue_depth;
  }));
  CHECK(std::ranges::equal(full.probe.spikes, replay.probe.spikes, [](auto& x, auto& y) {
    return x.time == y.time && x.token == y.token && x.step == y.step && x.neuron == y.neuron &&
           x.population == y.population;
  }));
  CHECK(std::ranges::equal(full.probe.steps, replay.probe.steps, [](auto& x, auto& y) {
    return x.started == y.started && x.ended == y.ended && x.slice == y.slice;
  }));
  CHECK(std::ranges::equal(full.probe.tokens, replay.probe.tokens, [](auto& x, auto& y) {
    return x.injected == y.injected && x.finished == y.finished;
  }));
}

}  // namespace

TEST_CASE("I4: replayed spikes give the times and counts of the full run") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 7000 + i;
    INFO("seed " << seed << ": " << to_string(kinds[i]));
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed, kinds[i]);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 4);
    const ChipRun full = run_chip(model, chip, mapping, tokens, {});
    const SpikeTable table = table_of(model.network, full);
    const ChipRun replay = run_chip(model, chip, mapping, tokens, {.replay = &table});
    check_equal_timing(full, replay);

    const ChipDescription other = random_chip(seed + 1, kinds[(i * 7 + 1) % kinds.size()]);
    const Mapping there = random_mapping(seed + 1, model.network, other);
    check_equal_timing(run_chip(model, other, there, tokens, {}),
                       run_chip(model, other, there, tokens, {.replay = &table}));
  }
}

TEST_CASE("I4: a run with faults is replayed with what it lost") {
  std::int64_t lost = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::uint64_t seed = base_seed() + 7500 + i;
    INFO("seed " << seed);
    const Model model = random_decoder(seed).model;
    ChipDescription chip = random_chip(seed);
    chip.faults.drop_rate = FaultDescription::certain / 20;
    chip.faults.stuck_silent_rate = FaultDescription::certain / 50;
    chip.faults.stuck_firing_rate = FaultDescription::certain / 50;
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
    const ChipRun full = run_chip(model, chip, mapping, tokens, {});
    const SpikeTable table = table_of(model.network, full);
    check_equal_timing(full, run_chip(model, chip, mapping, tokens, {.replay = &table}));
    lost += full.totals.lost.total();
  }
  CHECK(lost > 0);
}

}  // namespace synfire::test
