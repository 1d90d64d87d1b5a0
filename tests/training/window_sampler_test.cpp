// SPDX-License-Identifier: Apache-2.0
#include "models/training/window_sampler.hpp"

#include <algorithm>

#include "sim/error.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

/// Corpus of tokens 0 to 9 in turn, extra texts of only 20 and only 21.
WindowSampler sampler() {
  Tokens corpus;
  for (unsigned i = 0; i < 500; ++i) corpus.push_back(static_cast<Token>(i % 10));
  return WindowSampler({corpus, Tokens(300, 20), Tokens(100, 21)}, 8, 5);
}

TEST_CASE("WindowSampler: the same step gives the same windows, another step others") {
  CHECK(sampler().windows(3, 4, 0.5) == sampler().windows(3, 4, 0.5));
  CHECK(sampler().windows(3, 4, 0.0) != sampler().windows(4, 4, 0.0));
}

TEST_CASE("WindowSampler: windows are runs of the text, one longer than the context") {
  const std::vector<std::int64_t> tokens = sampler().windows(1, 5, 0.0);
  REQUIRE(tokens.size() == 5 * 9);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i % 9 != 0) CHECK(tokens[i] == (tokens[i - 1] + 1) % 10);
  }
}

TEST_CASE("WindowSampler: extra texts have their share, in proportion to their lengths") {
  const std::vector<std::int64_t> tokens = sampler().windows(1, 2000, 0.4);
  int first = 0;
  int second = 0;
  for (std::size_t i = 0; i < tokens.size(); i += 9) {
    first += tokens[i] == 20 ? 1 : 0;
    second += tokens[i] == 21 ? 1 : 0;
  }
  CHECK(first + second == Approx(800).margin(80));
  CHECK(first == Approx(3 * second).margin(120));
}

TEST_CASE("WindowSampler: a text shorter than a window is refused") {
  CHECK_THROWS_AS(WindowSampler({Tokens(8, 0)}, 8, 1), ConfigError);
  CHECK_NOTHROW(WindowSampler({Tokens(9, 0)}, 8, 1));
}

}  // namespace
}  // namespace synfire::training
