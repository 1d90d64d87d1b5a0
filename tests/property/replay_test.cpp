// SPDX-License-Identifier: Apache-2.0
// Invariant I4: recorded spikes, replayed as timing only, give the times and counts of a full run,
// on the chip that they were recorded on and on any other.
#include <algorithm>

#include <catch2/catch.hpp>

#include "analysis/recording.hpp"
#include "models/text_encoding.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/invariants.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/spike_table.hpp"

namespace synfire::test {
namespace {

SpikeTable table_of(const Network& network, const ChipRun& run) {
  SpikeTable table(network);
  table.add(run.probe.spikes);
  return table;
}

/// Two contexts, the second begun by clear_context.
ChipRun run_two_contexts(const Model& model, const ChipDescription& chip, const Mapping& mapping,
                         std::span<const Token> tokens, const SpikeTable* replay) {
  ChipRun run;
  const SimulationOptions options{.context = model.text.context, .replay = replay};
  ChipSimulation simulation(model.network, chip, mapping, options, run.probe);
  for (std::uint32_t n = 0; n < 2 * tokens.size(); ++n) {
    if (n == tokens.size()) simulation.clear_context();
    simulation.push_token(input_spikes(model.text, tokens.first(n % tokens.size() + 1)));
    simulation.run_until_readout(n);
  }
  simulation.drain();
  run.totals = simulation.totals();
  return run;
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

TEST_CASE("I4: a run of two contexts is replayed") {
  for (std::uint64_t i = 0; i < 10; ++i) {
    const std::uint64_t seed = base_seed() + 7700 + i;
    INFO("seed " << seed);
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
    const ChipRun full = run_two_contexts(model, chip, mapping, tokens, nullptr);
    const SpikeTable table = table_of(model.network, full);
    check_equal_timing(full, run_two_contexts(model, chip, mapping, tokens, &table));
  }
}

TEST_CASE("I4: spikes that are read from a recording give its times and counts") {
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::uint64_t seed = base_seed() + 7800 + i;
    INFO("seed " << seed);
    const TemporaryFolder folder;
    RecordedRun run(seed);
    run.record(folder / "run.h5");
    const Recording recording(folder / "run.h5");
    SpikeTable table(run.network());
    for (std::uint32_t p = 0; p < recording.populations().size(); ++p) {
      const PopulationId id{p};
      table.add(recording.spikes(id, 0, recording.spike_count(id)));
    }
    ActivityProbe probe;
    const SimulationTotals totals = run.replay(table, probe);
    CHECK((recording.totals() == totals));
    CHECK(equal(recording.steps(0, recording.step_count()), probe.steps));
    CHECK(equal(run.log().spikes, probe.spikes));
    const std::vector<RecordedToken> tokens = recording.tokens();
    CHECK(std::ranges::equal(tokens, probe.tokens, [](auto& x, auto& y) {
      return x.token == y.token && x.injected == y.injected && x.finished == y.finished;
    }));
  }
}

}  // namespace synfire::test
