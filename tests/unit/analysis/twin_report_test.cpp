// SPDX-License-Identifier: Apache-2.0
#include "analysis/twin_report.hpp"

#include <catch2/catch.hpp>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "sim/error.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

RecordedRun all_spiking_run(std::uint64_t seed) {
  return {seed, all_spiking(random_architecture(seed))};
}

std::vector<TwinReport> twins_of(const RecordedRun& run) {
  const std::vector<HostCall> calls(3, HostCall::push_token);
  std::vector<TwinReport> twins;
  for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
    const TwinOptions options{.kind = kind, .context = run.model().text.context};
    twins.push_back(run_twin(run.network(), run.chip(), run.mapping(), options, calls));
  }
  return twins;
}

}  // namespace

TEST_CASE("run_twin: layers have all the traffic, tokens and steps their times") {
  RecordedRun run = all_spiking_run(3);
  for (const TwinReport& twin : twins_of(run)) {
    std::int64_t bits = 0;
    for (const LayerTraffic& layer : twin.traffic) bits += layer.bit_hops;
    CHECK(bits == total_count(twin.totals, Action::link_bit) +
                      total_count(twin.totals, Action::board_link_bit));
    CHECK(twin.latency.tokens == 3);
    CHECK(twin.latency.span == twin.tokens.back().finished - twin.tokens.front().injected);
    CHECK(twin.latency.layers.size() == twin.energy.by_layer.size());
    for (const LayerLatency& layer : twin.latency.layers) CHECK(layer.mean > Duration{});
  }
}

TEST_CASE("Recording: twins are read back as they were, and priced to the same energy") {
  const TemporaryFolder folder;
  RecordedRun run = all_spiking_run(8);
  run.record(folder / "alone.h5");
  CHECK(Recording(folder / "alone.h5").twins().empty());
  const std::vector<TwinReport> twins = twins_of(run);
  {
    Recorder recorder(folder / "run.h5", run.description());
    recorder.finish({.totals = run.totals(), .twins = twins});
  }
  const Recording recording(folder / "run.h5");
  const auto recorded = recording.twins();
  REQUIRE(recorded.size() == twins.size());
  for (std::size_t i = 0; i < twins.size(); ++i) {
    CHECK(recorded[i].kind == twins[i].kind);
    CHECK(recorded[i].activation_bits == twins[i].activation_bits);
    CHECK(recorded[i].totals == twins[i].totals);
    CHECK(recorded[i].tokens == twins[i].tokens);
    const EnergyReport energy =
        price(recorded[i].totals, run.network(), run.mapping(), recording.chip());
    CHECK(energy.total() == twins[i].energy.total());
  }
}

TEST_CASE("Recording: twins that do not fit the run are refused") {
  const TemporaryFolder folder;
  RecordedRun run = all_spiking_run(8);
  run.record(folder / "alone.h5");
  std::vector<TwinReport> twins = twins_of(run);
  const auto record = [&](const std::string& name) {
    Recorder recorder(folder / name, run.description());
    recorder.finish({.totals = run.totals(), .twins = twins});
    return folder / name;
  };
  CHECK_NOTHROW(Recording(record("whole.h5")).twins());
  twins[0].totals.link_use.pop_back();
  CHECK_THROWS_AS(Recording(record("links.h5")).twins(), IoError);
  twins = twins_of(run);
  twins[1].totals.slices.pop_back();
  CHECK_THROWS_AS(Recording(record("slices.h5")).twins(), IoError);
}

}  // namespace synfire::test
