// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorded_summary.hpp"

#include <catch2/catch.hpp>

#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {

TEST_CASE("Recorded summary: energy, latency and rates are those of the run itself") {
  const test::TemporaryFolder folder;
  for (std::uint64_t round = 0; round < 4; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed);
    test::RecordedRun run(seed);
    run.record(folder / "run.h5");
    const auto summary = recorded_summary(Recording(folder / "run.h5"));
    REQUIRE(summary);
    const EnergyReport energy = price(run.totals(), run.network(), run.mapping(), run.chip());
    CHECK(summary->energy.total() == energy.total());
    CHECK(summary->energy.by_action == energy.by_action);
    CHECK(summary->energy.by_component == energy.by_component);
    CHECK(summary->totals == run.totals());

    LatencyMeter meter(run.network(), run.mapping());
    meter.on_steps(run.log().steps);
    for (const TokenRecord& token : run.log().tokens) meter.on_token(token);
    const LatencyReport latency = meter.report();
    CHECK(summary->latency.span == latency.span);
    CHECK(summary->latency.mean == latency.mean);
    REQUIRE(summary->latency.layers.size() == latency.layers.size());
    for (std::size_t i = 0; i < latency.layers.size(); ++i) {
      CHECK(summary->latency.layers[i].mean == latency.layers[i].mean);
    }

    const auto rates = sparsity(run.network(), run.totals(), latency.tokens);
    REQUIRE(summary->sparsity.size() == rates.size());
    for (std::size_t i = 0; i < rates.size(); ++i) {
      CHECK(summary->sparsity[i].population == rates[i].population);
      CHECK(summary->sparsity[i].rate == rates[i].rate);
      CHECK(summary->sparsity[i].silent_fraction == rates[i].silent_fraction);
    }
  }
}

}  // namespace synfire
