// SPDX-License-Identifier: Apache-2.0
// A finished recording priced again costs what a run at those prices would have cost.
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "analysis/recorded_energy.hpp"
#include "analysis/recover.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

/// A file with some of all prices, at random.
PriceTable random_table(std::uint64_t seed) {
  RandomStream random(seed, 17);
  std::string energy, power, voltage;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    if (random.below(4) == 0) continue;
    energy += "  " + std::string(to_string(static_cast<Action>(i))) + ": " +
              std::to_string(random.below(200'000'000)) + " aJ\n";
  }
  for (const char* part : {"chip", "router", "neurocore"}) {
    power += "  " + std::string(part) + ": " + std::to_string(random.below(1'000'000)) + " nW\n";
  }
  for (const char* part : {"neurocore", "network"}) {
    voltage +=
        "  " + std::string(part) + "_voltage: " + std::to_string(40 + random.below(100)) + " %\n";
  }
  const TemporaryFolder folder;
  std::ofstream(folder / "table.yaml") << "energy:\n"
                                       << energy << "static_power:\n"
                                       << power << "operating_point:\n"
                                       << voltage;
  return load_price_table((folder / "table.yaml").string());
}

EnergyReport energy_of(const RecordedRun& run) {
  return price(run.totals(), run.network(), run.mapping(), run.chip());
}

}  // namespace

TEST_CASE("A recording at its own chip's prices costs what the run cost") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 8; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    const TemporaryFolder folder;
    RecordedRun run(seed);
    run.price_by(random_table(seed));
    run.record(folder / "run.h5");
    const Recording recording(folder / "run.h5");
    CHECK(recorded_energy(recording, recording.chip()) == energy_of(run));
  }
}

TEST_CASE("A recording at other prices costs, to the attojoule, what a run at those costs") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 8; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    const TemporaryFolder folder;
    RecordedRun recorded(seed);
    recorded.record(folder / "run.h5");
    const PriceTable table = random_table(seed);
    RecordedRun dearer(seed);
    dearer.price_by(table);
    dearer.record(folder / "dearer.h5");
    const Recording recording(folder / "run.h5");
    const EnergyReport report = recorded_energy(recording, with_prices(recording.chip(), table));
    CHECK(report == energy_of(dearer));
    CHECK(report.total() != energy_of(recorded).total());
  }
}

TEST_CASE(
    "A recording without counts is refused, one that ended early is priced as far as it got") {
  const TemporaryFolder folder;
  RecordedRun early(base_seed());
  early.record(folder / "early.h5", false);
  const Recording recording(folder / "early.h5");
  CHECK_FALSE(recording.is_complete());
  CHECK(recorded_energy(recording, recording.chip()) == energy_of(early));

  RecordedRun killed(base_seed());
  killed.record_without_finish(folder / "killed.h5");
  recover_recording(part_of(folder / "killed.h5"), folder / "recovered.h5");
  const Recording recovered(folder / "recovered.h5");
  CHECK_THROWS_AS(recorded_energy(recovered, recovered.chip()), IoError);
}

}  // namespace synfire::test
