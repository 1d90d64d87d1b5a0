// SPDX-License-Identifier: Apache-2.0
// Invariant I5 over ranks: a board whose chips several ranks simulate does what one rank does, to
// the record and to the event, over every kind of network-on-chip.
#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "models/text_encoding.hpp"
#include "sim/random.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/sample_topology.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/thread_ranks.hpp"
#include "topology/board_share.hpp"
#include "topology/ranked_simulation.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// All that a run reports, and its totals whenever a token has finished, as a recorder asks.
class Watch final : public Probe {
 public:
  void on_spikes(std::span<const SpikeRecord> records) override { log.on_spikes(records); }
  void on_steps(std::span<const StepRecord> records) override { log.on_steps(records); }
  void on_potentials(const PotentialRecord& record) override { log.on_potentials(record); }
  void on_token(const TokenRecord& record) override {
    log.on_token(record);
    totals.push_back(ask());
  }

  std::function<SimulationTotals()> ask;
  std::vector<SimulationTotals> totals;

 private:
  class Nobody final : public Probe {
    void on_spikes(std::span<const SpikeRecord> /*records*/) override {}
    void on_steps(std::span<const StepRecord> /*records*/) override {}
    void on_potentials(const PotentialRecord& /*record*/) override {}
    void on_token(const TokenRecord& /*record*/) override {}
  };
  Nobody nobody_;

 public:
  RecordLog log{nobody_};
};

std::uint32_t chip_count(const ChipDescription& chip) {
  return chips_of(build_graph(chip)).count;
}

/// A random chip with brothers; a graph of its own may have none.
ChipDescription random_board(std::uint64_t seed, const NetworkKind& kind) {
  constexpr std::uint64_t tries = 40;
  ChipDescription chip = random_chip(seed, kind);
  for (std::uint64_t i = 1; i < tries && chip_count(chip) < 2; ++i) {
    chip = random_chip(mix_bits(seed + i), kind);
  }
  return chip;
}

struct Case {
  Case(std::uint64_t seed, const NetworkKind& kind)
      : model(random_decoder(seed).model),
        chip(random_board(seed, kind)),
        tokens(random_tokens(seed, model.text.alphabet.size(),
                             std::min<std::size_t>(model.text.context, 4))) {
    mapping = random_mapping(seed, model.network, chip);
    options.context = model.text.context;
    for (std::uint32_t p = 0; p < model.network.populations().size(); ++p) {
      const Population& population = model.network.populations()[p];
      if (has_membrane(population.model)) {
        options.potentials.push_back({PopulationId{p}, 0, population.size});
      }
    }
  }

  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<Token> tokens;
  SimulationOptions options;
};

/// Two tokens at once, the rest one by one; then a context begun anew.
template <typename Simulation>
void drive(Simulation& simulation, const Case& run, Watch& watch) {
  watch.ask = [&] { return simulation.totals(); };
  const auto inputs = sequence_input_spikes(run.model.text, run.tokens);
  for (std::uint32_t i = 0; i < inputs.size(); ++i) {
    simulation.push_token(inputs[i]);
    watch.totals.push_back(simulation.totals());
    if (i > 0) simulation.run_until_readout(i);
  }
  simulation.clear_context();
  watch.totals.push_back(simulation.totals());
  simulation.push_token(inputs[0]);
  simulation.drain();
  watch.totals.push_back(simulation.totals());
}

Watch run_alone(const Case& run) {
  Watch watch;
  ChipSimulation simulation(run.model.network, run.chip, run.mapping, run.options, watch);
  drive(simulation, run, watch);
  return watch;
}

void run_on_ranks(const Case& run, std::uint32_t count, Watch& watch,
                  std::vector<RankProfile>& profiles) {
  const auto share = share_board(run.model.network, run.chip, run.mapping, count);
  run_ranks(count, [&](Communicator& ranks) {
    if (ranks.rank() != 0) {
      follow_simulation(run.model.network, run.chip, run.mapping, run.options, share, ranks);
      return;
    }
    RankedSimulation simulation(run.model.network, run.chip, run.mapping, run.options, share, watch,
                                ranks);
    drive(simulation, run, watch);
    profiles = simulation.profiles();
  });
}

void check_equal(const Watch& ranked, const Watch& alone) {
  CHECK(equal(ranked.log.spikes, alone.log.spikes));
  CHECK(equal(ranked.log.steps, alone.log.steps));
  CHECK(std::ranges::equal(ranked.log.potentials, alone.log.potentials, [](auto& a, auto& b) {
    return a.first == b.first && equal(std::span(&a.second, 1), std::span(&b.second, 1));
  }));
  CHECK(ranked.log.logits == alone.log.logits);
  CHECK(std::ranges::equal(ranked.log.tokens, alone.log.tokens, [](auto& a, auto& b) {
    return a.token == b.token && a.injected == b.injected && a.finished == b.finished;
  }));
  REQUIRE(ranked.totals.size() == alone.totals.size());
  for (std::size_t i = 0; i < alone.totals.size(); ++i) {
    INFO("totals " << i);
    CHECK(ranked.totals[i].now == alone.totals[i].now);
    CHECK(ranked.totals[i].events == alone.totals[i].events);
    CHECK(ranked.totals[i].barriers == alone.totals[i].barriers);
    CHECK(ranked.totals[i].waiting == alone.totals[i].waiting);
    CHECK(ranked.totals[i].slices == alone.totals[i].slices);
    CHECK(ranked.totals[i].links == alone.totals[i].links);
    CHECK(ranked.totals[i].link_use == alone.totals[i].link_use);
    CHECK(ranked.totals[i].core_use == alone.totals[i].core_use);
    CHECK((ranked.totals[i] == alone.totals[i]));
  }
}

}  // namespace

TEST_CASE("I5: ranks report what one rank does, record by record, and count the same") {
  const auto kinds = all_network_kinds();
  std::int64_t messages = 0;
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + i;
    const NetworkKind& kind = kinds[seed % kinds.size()];
    const Case run(seed, kind);
    const std::uint32_t chips = chip_count(run.chip);
    const Watch alone = run_alone(run);
    for (const std::uint32_t ranks : {1U, 2U, 4U}) {
      if (ranks > chips || (ranks == 1 && i % 8 != 0)) continue;
      INFO("seed " << seed << " (SYNFIRE_SEED=" << seed << " runs it first): " << to_string(kind)
                   << ", " << chips << " chips on " << ranks << " ranks");
      Watch ranked;
      std::vector<RankProfile> profiles;
      run_on_ranks(run, ranks, ranked, profiles);
      check_equal(ranked, alone);
      for (const RankProfile& profile : profiles) messages += profile.messages_sent;
    }
  }
  CHECK(messages > 0);  // else ranks never depended on each other
}

}  // namespace synfire::test
