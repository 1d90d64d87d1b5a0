// SPDX-License-Identifier: Apache-2.0
#include "models/sampler.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

using Logits = std::vector<std::int32_t>;

std::vector<double> shares(const Sampler& sampler, const Logits& logits, std::uint64_t draws) {
  std::vector<double> share(logits.size());
  for (std::uint64_t i = 0; i < draws; ++i) {
    share[sampler.choose(logits, i)] += 1.0 / static_cast<double>(draws);
  }
  return share;
}

}  // namespace

TEST_CASE("Sampler: temperature 0 takes the largest logit, the lowest token among equals") {
  const Sampler sampler(0.5, 0.0, 1);
  CHECK(sampler.choose(Logits{-5, 3, 7, 7}, 0) == 2);
  CHECK(sampler.choose(Logits{-5, -5}, 9) == 0);
}

TEST_CASE("Sampler: a draw depends on seed and index alone") {
  const Logits logits{0, 0, 0, 0, 0, 0, 0, 0};
  const Sampler sampler(1.0, 1.0, 7);
  const Token at_three = sampler.choose(logits, 3);
  sampler.choose(logits, 4);
  CHECK(sampler.choose(logits, 3) == at_three);
  std::vector<Token> these, others;
  for (std::uint64_t i = 0; i < 32; ++i) {
    these.push_back(sampler.choose(logits, i));
    others.push_back(Sampler(1.0, 1.0, 8).choose(logits, i));
  }
  CHECK(these != others);
}

TEST_CASE("Sampler: shares follow softmax(logits * scale / temperature)") {
  constexpr std::uint64_t draws = 200000;
  constexpr double tolerance = 0.005;  // above four standard deviations of a share
  const Logits logits{100, 80, 60, -100, 100};
  for (const double temperature : {0.5, 1.0, 3.0}) {
    const double scale = 0.03;
    double sum = 0.0;
    for (const int logit : logits) sum += std::exp(logit * scale / temperature);
    const auto share = shares(Sampler(scale, temperature, 1), logits, draws);
    for (std::size_t i = 0; i < logits.size(); ++i) {
      CAPTURE(temperature, i);
      CHECK(std::abs(share[i] - std::exp(logits[i] * scale / temperature) / sum) < tolerance);
    }
  }
}

TEST_CASE("Sampler: extreme logits and temperatures stay inside the vocabulary") {
  const Logits logits{std::numeric_limits<std::int32_t>::min(), 0,
                      std::numeric_limits<std::int32_t>::max()};
  CHECK(Sampler(1.0, 1.0, 1).choose(logits, 0) == 2);
  CHECK(Sampler(1.0, 1e-300, 1).choose(logits, 0) == 2);
  CHECK(Sampler(1e-300, 1e300, 1).choose(logits, 0) < 3);
}

TEST_CASE("Sampler: a negative or infinite temperature is refused") {
  CHECK_THROWS_AS(Sampler(1.0, -0.1, 1), ConfigError);
  CHECK_THROWS_AS(Sampler(1.0, std::numeric_limits<double>::infinity(), 1), ConfigError);
  CHECK_THROWS_AS(Sampler(1.0, std::numeric_limits<double>::quiet_NaN(), 1), ConfigError);
}

}  // namespace synfire
