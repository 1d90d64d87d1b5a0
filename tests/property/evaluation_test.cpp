// SPDX-License-Identifier: Apache-2.0
#include "models/evaluation.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

void check_equal(const Evaluation& a, const Evaluation& b) {
  CHECK(a.characters == b.characters);
  CHECK(a.bits_per_character == b.bits_per_character);  // to the last bit
  CHECK(a.accuracy == b.accuracy);
  REQUIRE(a.populations.size() == b.populations.size());
  for (std::size_t p = 0; p < a.populations.size(); ++p) {
    CHECK(a.populations[p].rate == b.populations[p].rate);
    CHECK(a.populations[p].silent_share == b.populations[p].silent_share);
  }
}

}  // namespace

TEST_CASE("Evaluation: any number of threads gives the same result") {
  for (std::uint64_t i = 0; i < 5; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const Model model = random_decoder(seed).model;
    const auto text = random_tokens(seed, model.text.alphabet.size(), 6 * model.text.context + 3);
    EvaluationOptions options;
    const Evaluation alone = evaluate(model, text, options);
    for (const unsigned threads : {2U, 8U}) {
      options.threads = threads;
      check_equal(evaluate(model, text, options), alone);
    }
  }
}

TEST_CASE("Evaluation: limiting attention to the whole context changes nothing, to less does") {
  int changed = 0;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const std::uint64_t seed = base_seed() + i;
    CAPTURE(seed);
    const Model model = random_decoder(seed).model;
    const auto text = random_tokens(seed, model.text.alphabet.size(), 3 * model.text.context);
    EvaluationOptions options;
    const Evaluation all = evaluate(model, text, options);
    options.attention_limit = model.text.context;
    check_equal(evaluate(model, text, options), all);
    options.attention_limit = 1;
    const Evaluation limited = evaluate(model, text, options);
    if (limited.bits_per_character != all.bits_per_character) ++changed;
  }
  CHECK(changed == 5);
}

}  // namespace synfire::test
