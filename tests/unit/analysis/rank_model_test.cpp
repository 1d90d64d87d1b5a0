// SPDX-License-Identifier: Apache-2.0
#include "analysis/rank_model.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace synfire::test {

TEST_CASE("RankModel: one rank takes what one process takes") {
  const RankCounts counts{.ranks = 1, .windows = 1000, .events = 50, .busiest_events = 50};
  CHECK(foresee_ranks(counts, 2.5, rank_networks[2]).seconds() == 2.5);
}

TEST_CASE("RankModel: ranks wait for the busiest, agree in rounds of two, and exchange packets") {
  const RankNetwork network{"slow", 1e-3};
  const RankCounts counts{
      .ranks = 8, .windows = 100, .message_windows = 10, .events = 4000, .busiest_events = 1000};
  const RankForecast forecast = foresee_ranks(counts, 2.0, network);
  CHECK(forecast.compute_s == Approx(0.5));
  CHECK(forecast.agreement_s == Approx(100 * 3e-3));
  CHECK(forecast.message_s == Approx(10 * (3e-3 + 1e-3)));
  CHECK(forecast.seconds() == Approx(0.84));
}

TEST_CASE("RankModel: a round more as soon as ranks exceed a power of two") {
  const RankNetwork network{"slow", 1};
  const auto agreement = [&](std::uint32_t ranks) {
    return foresee_ranks({.ranks = ranks, .windows = 1, .events = 1}, 1, network).agreement_s;
  };
  CHECK(agreement(2) == 1);
  CHECK(agreement(3) == 2);
  CHECK(agreement(4) == 2);
  CHECK(agreement(5) == 3);
}

TEST_CASE("RankModel: counts of ranks are added, those of windows are the same on all of them") {
  const std::vector<RankProfile> profiles{
      {.windows = 10, .message_windows = 4, .busiest_events = 70, .events = 60, .messages_sent = 5},
      {.windows = 10,
       .message_windows = 4,
       .busiest_events = 70,
       .events = 30,
       .messages_sent = 1}};
  const RankCounts counts = rank_counts(profiles);
  CHECK(counts.ranks == 2);
  CHECK(counts.windows == 10);
  CHECK(counts.message_windows == 4);
  CHECK(counts.busiest_events == 70);
  CHECK(counts.events == 90);
  CHECK(counts.messages == 6);
  const RankCounts since = counts - RankCounts{.windows = 7, .messages = 2, .events = 80};
  CHECK(since.ranks == 2);
  CHECK(since.windows == 3);
  CHECK(since.events == 10);
  CHECK(since.messages == 4);
}

}  // namespace synfire::test
