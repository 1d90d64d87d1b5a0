// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {

TEST_CASE("Layer actions: what was counted between two moments is read back, and adds up") {
  const test::TemporaryFolder folder;
  test::RecordedRun run(1);
  run.record(folder / "whole.h5");
  const SimulationTotals& end = run.totals();
  SimulationTotals middle = end;
  middle.now = TimePoint{end.now.time_since_epoch() / 2};
  for (ActionCounts& counts : middle.slices) {
    for (std::size_t i = 0; i < action_kinds; ++i) counts[static_cast<Action>(i)] /= 3;
  }

  Recorder recorder(folder / "run.h5", run.description());
  recorder.note_actions(0, SimulationTotals{});  // no time has passed
  recorder.note_actions(1, middle);
  recorder.note_actions(1, middle);  // nor here
  recorder.note_actions(2, end);
  recorder.finish({.totals = end, .accounts = {}, .run = {}, .volatile_provenance = {}});

  const Recording recording(folder / "run.h5");
  const auto rows = recording.layer_actions();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].tokens == 1);
  CHECK(rows[0].time == middle.now);
  CHECK(rows[1].tokens == 2);
  CHECK(rows[1].time == end.now);
  ActionCounts first, all, expected_first, expected;
  for (const ActionCounts& layer : rows[0].layers) first += layer;
  for (const auto& row : rows) {
    CHECK(row.layers.size() == recording.layer_names().size());
    for (const ActionCounts& layer : row.layers) all += layer;
  }
  for (const ActionCounts& slice : middle.slices) expected_first += slice;
  for (const ActionCounts& slice : end.slices) expected += slice;
  CHECK(first == expected_first);
  CHECK(all == expected);
}

}  // namespace synfire
