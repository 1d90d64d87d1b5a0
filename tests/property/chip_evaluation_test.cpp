// SPDX-License-Identifier: Apache-2.0
#include "models/chip_evaluation.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// A random decoder on a random chip, and a text of a few windows.
struct ScoredRun {
  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<Token> text;

  explicit ScoredRun(std::uint64_t seed)
      : model(random_decoder(seed).model),
        chip(random_chip(seed)),
        mapping(random_mapping(seed, model.network, chip)),
        text(random_tokens(seed, model.text.alphabet.size(), 2 * model.text.context + 3)) {}

  ChipEvaluation on_chip(const ChipEvaluationOptions& options = {}) const {
    return evaluate_on_chip(model, {model.network, chip, mapping}, text, options);
  }
};

}  // namespace

TEST_CASE(
    "Chip evaluation: a chip without faults scores what the reference does, to the last bit") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 8; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    const ScoredRun run(seed);
    const Evaluation reference = evaluate(run.model, run.text);
    const Evaluation chip = run.on_chip().evaluation;
    CHECK(chip.characters == reference.characters);
    CHECK(chip.bits_per_character == reference.bits_per_character);
    CHECK(chip.accuracy == reference.accuracy);
    REQUIRE(chip.populations.size() == reference.populations.size());
    for (std::size_t p = 0; p < chip.populations.size(); ++p) {
      INFO(chip.populations[p].name);
      CHECK(chip.populations[p].rate == reference.populations[p].rate);
      CHECK(chip.populations[p].silent_share == reference.populations[p].silent_share);
    }
  }
}

TEST_CASE("Chip evaluation: lost packets change the score, the same on any number of threads") {
  int changed = 0;
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 4; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    ScoredRun run(seed);
    const double sound = run.on_chip().evaluation.bits_per_character;
    run.chip.faults.drop_rate = FaultDescription::certain / 10;
    const ChipEvaluation alone = run.on_chip();
    const ChipEvaluation together = run.on_chip({.threads = 2});
    CHECK(alone.totals.lost.dropped > 0);
    CHECK(alone.evaluation.bits_per_character == together.evaluation.bits_per_character);
    CHECK(alone.totals.lost == together.totals.lost);
    changed += alone.evaluation.bits_per_character != sound ? 1 : 0;
  }
  CHECK(changed == 4);
}

TEST_CASE("Chip evaluation: progress counts every token of every window") {
  const ScoredRun run(base_seed());
  std::size_t calls = 0;
  std::size_t announced = 0;
  run.on_chip({.progress = [&](std::size_t done, std::size_t tokens) {
    CHECK(done == ++calls);
    announced = tokens;
  }});
  CHECK(calls == announced);
}

}  // namespace synfire::test
