// SPDX-License-Identifier: Apache-2.0
// Invariant I5 for values first: tokens that are timed apart, on any number of threads, give the
// rows and counts of one simulation, in time order.
#include "models/token_replay.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "models/chip_runner.hpp"
#include "models/generation.hpp"
#include "sim/error.hpp"
#include "tests/support/activity_probe.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t short_context = 6;

/// A random decoder that writes beyond its context on a random chip.
struct Case {
  Case(std::uint64_t seed_in, const NetworkKind& kind)
      : seed(seed_in),
        model(random_decoder(seed).model),
        chip(random_chip(seed, kind)),
        mapping(random_mapping(seed, model.network, chip)),
        prompt(random_tokens(seed, model.text.alphabet.size(), 1 + seed % 3)) {
    options.context = model.text.context = std::min(model.text.context, short_context);
    for (std::uint32_t p = 0; p < model.network.populations().size(); ++p) {
      const Population& population = model.network.populations()[p];
      if (!has_membrane(population.model)) continue;
      const std::uint32_t middle = population.size / 2;
      options.potentials.push_back({PopulationId{p}, 0, middle});
      options.potentials.push_back({PopulationId{p}, middle, population.size});
    }
  }

  std::uint64_t seed;
  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<Token> prompt;
  SimulationOptions options;
};

/// Everything that can be seen of a run.
struct Seen {
  ActivityProbe last;
  RecordLog log{last};
  std::vector<SimulationTotals> totals;  ///< before each token, and at the end
  std::string text;
};

template <typename Then>
void generate(const Case& run, TokenRunner& runner, Seen& seen, const Then& then) {
  const GenerationOptions options{
      .tokens = run.model.text.context + 3, .temperature = 1.0, .seed = run.seed};
  const GenerationObserver observer{.on_text = {}, .on_push = [&](const PushedToken&) { then(); }};
  seen.text = Generator(run.model.text, runner, options, observer).run(run.prompt).text;
}

void run_in_one(const Case& run, SimulationOptions options, Seen& seen) {
  ChipSimulation simulation(run.model.network, run.chip, run.mapping, options, seen.log);
  ChipRunner runner(simulation);
  generate(run, runner, seen, [&] { seen.totals.push_back(simulation.totals()); });
  simulation.drain();
  seen.totals.push_back(simulation.totals());
}

/// True if the chip was quiet between all tokens.
bool run_apart(const Case& run, SimulationOptions options, Seen& seen) {
  TokenReplay replay(run.model.network, run.chip, run.mapping, options, seen.log);
  generate(run, replay, seen,
           [&] { replay.then([&] { seen.totals.push_back(replay.totals()); }); });
  replay.drain();
  seen.totals.push_back(replay.totals());
  return !replay.ran_in_order();
}

void check_same(const Seen& a, const Seen& b) {
  CHECK(a.text == b.text);
  CHECK(equal(a.log.spikes, b.log.spikes));
  CHECK(equal(a.log.steps, b.log.steps));
  CHECK(a.log.logits == b.log.logits);
  CHECK(std::ranges::equal(a.log.tokens, b.log.tokens, [](auto& x, auto& y) {
    return x.token == y.token && x.injected == y.injected && x.finished == y.finished;
  }));
  CHECK(std::ranges::equal(a.log.potentials, b.log.potentials, [](auto& x, auto& y) {
    return x.first == y.first && equal(std::span(&x.second, 1), std::span(&y.second, 1));
  }));
  CHECK((a.totals == b.totals));
}

}  // namespace

TEST_CASE("I5: neurocores or tokens shared among threads give the run of one thread") {
  int quiet = 0;
  int restless = 0;
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 8100 + i;
    INFO("seed " << seed << ": " << to_string(kinds[i]));
    Case run(seed, kinds[i]);
    // So long that what is left of a token has been read before the next one comes.
    if (i % 3 != 0) run.chip.host.latency = std::chrono::milliseconds(1);
    Seen one;
    run_in_one(run, run.options, one);
    for (const std::uint32_t threads : {1U, 2U, 3U}) {
      INFO(threads << " threads");
      SimulationOptions options = run.options;
      options.threads = threads;
      Seen by_cores;
      run_in_one(run, options, by_cores);
      check_same(one, by_cores);
      Seen by_tokens;
      run_apart(run, options, by_tokens) ? ++quiet : ++restless;
      check_same(one, by_tokens);
    }
  }
  CHECK(quiet > 0);
  CHECK(restless > 0);
}

TEST_CASE("Token replay: weights with flipped bits are replayed, other faults are refused") {
  const Model model = random_decoder(base_seed()).model;
  ChipDescription chip = random_chip(base_seed());
  CHECK(TokenReplay::obstacle(model.network, chip).empty());
  chip.faults.bit_flip_rate = 1;
  CHECK(TokenReplay::obstacle(model.network, chip).empty());
  chip.faults.drop_rate = 1;
  CHECK_FALSE(TokenReplay::obstacle(model.network, chip).empty());
}

TEST_CASE("Token replay: an error of the probe ends the run, and nothing is reported after it") {
  struct Stopping final : ActivityProbe {
    void on_token(const TokenRecord& record) override {
      ActivityProbe::on_token(record);
      if (record.token == 3) throw IoError("run.h5", "is full");
    }
  };
  for (const std::uint32_t threads : {1U, 3U}) {
    Case run(base_seed() + 8200, all_network_kinds().front());
    run.chip.host.latency = std::chrono::milliseconds(1);
    run.options.threads = threads;
    Stopping probe;
    TokenReplay replay(run.model.network, run.chip, run.mapping, run.options, probe);
    Seen seen;
    CHECK_THROWS_AS((generate(run, replay, seen, [] {}), replay.drain()), IoError);
    CHECK(probe.tokens.size() == 4);
    CHECK(replay.totals().now == probe.tokens.back().finished);
  }
}

}  // namespace synfire::test
