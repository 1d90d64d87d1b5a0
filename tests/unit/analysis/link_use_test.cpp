// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {

TEST_CASE("Link use: what links carried between two moments is read back, and adds up") {
  const test::TemporaryFolder folder;
  test::RecordedRun run(1);
  run.record(folder / "whole.h5");
  const SimulationTotals& end = run.totals();
  SimulationTotals middle = end;
  middle.now = TimePoint{end.now.time_since_epoch() / 2};
  for (LinkUse& use : middle.link_use) {
    use.bits /= 3;
    use.busy /= 3;
  }

  Recorder recorder(folder / "run.h5", run.description());
  recorder.note_actions(0, SimulationTotals{});  // no time has passed
  recorder.note_actions(1, middle);
  recorder.note_actions(1, middle);  // nor here
  recorder.note_actions(2, end);
  recorder.finish({.totals = end, .accounts = {}, .run = {}, .volatile_provenance = {}});

  const Recording recording(folder / "run.h5");
  REQUIRE(recording.link_window_count() == 2);
  const auto windows = recording.link_windows(0, 2);
  CHECK(windows[0].tokens == 1);
  CHECK(windows[0].time == middle.now);
  CHECK(windows[1].tokens == 2);
  CHECK(windows[1].time == end.now);
  std::int64_t all_bits = 0;
  for (std::size_t link = 0; link < end.link_use.size(); ++link) {
    INFO("link " << link);
    CHECK(windows[0].bits[link] == middle.link_use[link].bits);
    CHECK(windows[0].busy[link] == middle.link_use[link].busy);
    CHECK(windows[0].bits[link] + windows[1].bits[link] == end.link_use[link].bits);
    CHECK(windows[0].busy[link] + windows[1].busy[link] == end.link_use[link].busy);
    all_bits += end.link_use[link].bits;
  }
  CHECK(all_bits > 0);
  CHECK(recording.link_windows(1, 1).front().bits == windows[1].bits);
}

}  // namespace synfire
