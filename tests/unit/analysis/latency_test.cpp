// SPDX-License-Identifier: Apache-2.0
#include "analysis/latency.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace synfire {
namespace {

TimePoint at(std::int64_t picosecond) {
  return TimePoint{picoseconds(picosecond)};
}

/// One layer `block0` of two populations, each on a neurocore of its own.
struct TwoSlices {
  Network network{
      1,
      {Population{.name = "block0.a", .size = 1, .model = NeuronModel::input},
       Population{.name = "block0.b", .size = 1, .threshold = {1}, .bias = {0}}},
      {Projection{.source = PopulationId{0}, .target = PopulationId{1}, .weights = {1}}}};
  Mapping mapping{
      .slices = {{PopulationId{0}, 0, 1, CoreId{0}}, {PopulationId{1}, 0, 1, CoreId{1}}},
      .cores = {}};
  LatencyMeter meter{network, mapping};

  void step(std::uint32_t token, std::uint32_t slice, std::int64_t start, std::int64_t end) {
    const std::vector<StepRecord> steps{{.started = at(start),
                                         .ended = at(end),
                                         .token = token,
                                         .step = 0,
                                         .slice = SliceId{slice}}};
    meter.on_steps(steps);
  }
  void token(std::uint32_t token, std::int64_t start, std::int64_t end) {
    meter.on_token({.token = token, .injected = at(start), .finished = at(end), .logits = {}});
  }
};

}  // namespace

TEST_CASE("Latency: a layer lasts from its first start to its last end, on any neurocore") {
  TwoSlices run;
  run.step(0, 0, 10, 20);
  run.step(0, 1, 15, 50);
  run.token(0, 0, 60);
  const LatencyReport report = run.meter.report();
  REQUIRE(report.layers.size() == 1);
  CHECK(report.layers[0].layer == "block0");
  CHECK(report.layers[0].mean == picoseconds(40));
}

TEST_CASE("Latency: overlapping tokens take less time per token than each takes alone") {
  TwoSlices run;
  run.token(0, 0, 100);
  run.token(1, 50, 150);
  const LatencyReport report = run.meter.report();
  CHECK(report.mean == picoseconds(100));
  CHECK(report.longest == picoseconds(100));
  CHECK(report.per_token() == picoseconds(75));
}

TEST_CASE("Latency: steps that are reported after their token's logits still count") {
  TwoSlices run;
  run.step(0, 0, 10, 20);
  run.token(0, 0, 60);
  run.step(0, 1, 15, 70);
  const LatencyReport report = run.meter.report();
  REQUIRE(report.layers.size() == 1);
  CHECK(report.layers[0].longest == picoseconds(60));
}

TEST_CASE("Latency: a run without tokens reports zeros") {
  TwoSlices run;
  CHECK(run.meter.report().per_token() == picoseconds(0));
}

}  // namespace synfire
