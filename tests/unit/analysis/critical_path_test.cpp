// SPDX-License-Identifier: Apache-2.0
#include "analysis/critical_path.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {
namespace {

TimePoint at(std::int64_t picosecond) {
  return TimePoint{picoseconds(picosecond)};
}

StepRecord step(std::uint32_t slice, std::int64_t started, std::int64_t ended,
                std::uint16_t time_step = 0) {
  return {at(started), at(ended), 0, time_step, SliceId{slice}};
}

const std::vector<PopulationSlice> four_slices{{PopulationId{0}, 0, 1, CoreId{0}},
                                               {PopulationId{1}, 0, 1, CoreId{1}},
                                               {PopulationId{2}, 0, 1, CoreId{2}},
                                               {PopulationId{3}, 0, 1, CoreId{3}}};
/// 0 -> 1 -> 3 and 0 -> 2 -> 3.
const std::vector<RecordedProjection> two_ways{{PopulationId{0}, PopulationId{1}},
                                               {PopulationId{0}, PopulationId{2}},
                                               {PopulationId{1}, PopulationId{3}},
                                               {PopulationId{2}, PopulationId{3}}};

std::vector<std::uint32_t> slices_of(const CriticalPath& path) {
  std::vector<std::uint32_t> slices;
  for (const CriticalStep& on_path : path.steps) slices.push_back(index(on_path.slice));
  return slices;
}

Duration length_of(const CriticalPath& path) {
  Duration sum = path.tail;
  for (const CriticalStep& on_path : path.steps) sum += on_path.ended - on_path.waited;
  return sum;
}

}  // namespace

TEST_CASE("Critical path: of two ways the one that ended last is on it") {
  CriticalPathFinder finder(two_ways, four_slices, 1);
  const std::vector<StepRecord> steps{step(0, 10, 20), step(1, 25, 30), step(2, 22, 40),
                                      step(3, 45, 50)};
  finder.add(steps);
  const auto path = finder.take({.injected = at(10), .finished = at(60)});
  REQUIRE(path);
  CHECK(slices_of(*path) == std::vector<std::uint32_t>{0, 2, 3});
  CHECK(path->steps[1].waited == at(20));
  CHECK(path->steps[1].started == at(22));
  CHECK(path->tail == picoseconds(10));
}

TEST_CASE("Critical path: a slice waits for its own step before, and for delayed sources") {
  const std::vector<RecordedProjection> delayed{{PopulationId{0}, PopulationId{1}, 1}};
  CriticalPathFinder finder(delayed, four_slices, 2);
  const std::vector<StepRecord> steps{step(0, 0, 10, 0), step(1, 12, 14, 0), step(0, 10, 15, 1),
                                      step(1, 16, 20, 1)};
  finder.add(steps);
  const auto path = finder.take({.injected = at(0), .finished = at(20)});
  REQUIRE(path);
  // The source's second step counts for a step that never was.
  REQUIRE(slices_of(*path) == std::vector<std::uint32_t>{1, 1});
  CHECK(path->steps[0].step == 0);
  CHECK(path->steps[1].step == 1);
  CHECK(length_of(*path) == picoseconds(20));
}

TEST_CASE("Critical path: what ends after the logits, and unknown tokens, have no part in it") {
  CriticalPathFinder finder(two_ways, four_slices, 1);
  const std::vector<StepRecord> steps{step(0, 0, 10), step(1, 11, 12), step(2, 11, 90)};
  finder.add(steps);
  const auto path = finder.take({.injected = at(0), .finished = at(20)});
  REQUIRE(path);
  CHECK(slices_of(*path) == std::vector<std::uint32_t>{0, 1});
  CHECK_FALSE(finder.take({.token = 7}));
}

TEST_CASE("Critical path: of any run, its parts add up to the latency of the token exactly") {
  const test::TemporaryFolder folder;
  for (std::uint64_t round = 0; round < 4; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed);
    test::RecordedRun run(seed);
    run.record(folder / "run.h5");
    const Recording recording(folder / "run.h5");
    REQUIRE_FALSE(recording.projections().empty());
    CriticalPathFinder finder(recording.projections(), recording.slices(), recording.time_steps());
    finder.add(recording.steps(0, recording.step_count()));
    for (const RecordedToken& token : recording.tokens()) {
      const auto path = finder.take(token);
      REQUIRE(path);
      CHECK(length_of(*path) == token.finished - token.injected);
      TimePoint before = token.injected;
      for (const CriticalStep& on_path : path->steps) {
        CHECK(on_path.waited == before);
        CHECK(on_path.started >= on_path.waited);
        CHECK(on_path.ended >= on_path.started);
        before = on_path.ended;
      }
    }
  }
}

}  // namespace synfire
