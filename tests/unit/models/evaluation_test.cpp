// SPDX-License-Identifier: Apache-2.0
#include "models/evaluation.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/random_decoder.hpp"

namespace synfire::test {

TEST_CASE("Scored windows: half the context apart, the first scored whole, the rest in half") {
  const auto windows = scored_windows(13, 4);  // 12 predictions
  REQUIRE(windows.size() == 5);
  CHECK(windows[0].begin == 0);
  CHECK(windows[0].first_scored == 0);
  CHECK(windows[0].end == 4);
  CHECK(windows[4].begin == 8);
  CHECK(windows[4].first_scored == 10);
  CHECK(windows[4].end == 12);
}

TEST_CASE("Scored windows: every token but the first is predicted exactly once") {
  for (std::size_t context = 2; context <= 9; ++context) {
    for (std::size_t tokens = 0; tokens <= 40; ++tokens) {
      CAPTURE(context, tokens);
      std::size_t scored = 0;
      for (const ScoredWindow& window : scored_windows(tokens, context)) {
        CHECK(window.first_scored == scored);
        CHECK(window.end > window.first_scored);
        CHECK(window.end - window.begin <= context);
        scored = window.end;
      }
      CHECK(scored == (tokens < 2 ? 0 : tokens - 1));
    }
  }
}

TEST_CASE("Evaluation: refuses a text without a prediction") {
  const Model model = random_decoder(1).model;
  CHECK_THROWS_AS(evaluate(model, std::vector<Token>{0}), ConfigError);
  CHECK_NOTHROW(evaluate(model, std::vector<Token>{0, 1}));
}

TEST_CASE("Evaluation: reports progress up to the number of windows") {
  const Model model = random_decoder(1).model;
  const auto text = random_tokens(1, model.text.alphabet.size(), 3 * model.text.context);
  std::vector<std::size_t> done;
  EvaluationOptions options;
  options.threads = 2;
  options.progress = [&done](std::size_t finished, std::size_t) { done.push_back(finished); };
  evaluate(model, text, options);
  REQUIRE(done.size() == scored_windows(text.size(), model.text.context).size());
  for (std::size_t i = 0; i < done.size(); ++i) CHECK(done[i] == i + 1);
}

}  // namespace synfire::test
