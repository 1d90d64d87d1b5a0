// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_sampling.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "topology/chip.hpp"

namespace synfire::test {
namespace {

std::vector<SweepPoint> points(const std::string& yaml) {
  return first_points(parse_sweep(yaml, "s.yaml"), load_chip("loihi-like"));
}

/// One range of 1000 places, and a list.
std::string drawn(const std::string& method, int count, int seed = 1) {
  return "method: " + method + "\npoints: " + std::to_string(count) +
         "\nseed: " + std::to_string(seed) +
         "\nparameters:\n  neurocore:\n    neurons: 1 .. 1000\n    axons_in: 1 .. 1000\n";
}

}  // namespace

TEST_CASE("Sampling: a grid has every combination that keeps the constraints, in order") {
  CHECK(points("parameters: {grid: {width: \"2, 4\", height: \"1, 2, 3\"}}\n") ==
        std::vector<SweepPoint>{{2, 1}, {2, 2}, {2, 3}, {4, 1}, {4, 2}, {4, 3}});
  CHECK(points("parameters: {grid: {width: \"2, 4\", height: \"1, 2, 3\"}}\n"
               "constraints: {c: grid.width * grid.height <= 6}\n") ==
        std::vector<SweepPoint>{{2, 1}, {2, 2}, {2, 3}, {4, 1}});
}

TEST_CASE("Sampling: a Latin hypercube has one point in every part of every axis") {
  const auto found = points(drawn("latin_hypercube", 50));
  REQUIRE(found.size() == 50);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::set<std::int64_t> parts;
    for (const SweepPoint& point : found) parts.insert((point[axis] - 1) / 20);
    CHECK(parts.size() == 50);
  }
}

TEST_CASE("Sampling: Sobol's points fill every half, quarter and eighth alike") {
  const auto found = points(drawn("sobol", 64));
  for (const int parts : {2, 4, 8}) {
    std::vector<int> counts(static_cast<std::size_t>(parts), 0);
    for (const SweepPoint& point : found) {
      ++counts[static_cast<std::size_t>((point[0] - 1) * parts / 1000)];
    }
    // The shift moves at most one point across each border.
    for (const int count : counts) CHECK(std::abs(count - 64 / parts) <= 2);
  }
}

TEST_CASE("Sampling: draws depend on the seed alone and keep the constraints") {
  for (const std::string method : {"random", "sobol", "latin_hypercube"}) {
    INFO(method);
    CHECK(points(drawn(method, 40)) == points(drawn(method, 40)));
    CHECK(points(drawn(method, 40)) != points(drawn(method, 40, 2)));
    const auto kept = points(drawn(method, 40) +
                             "constraints: {c: neurocore.neurons + neurocore.axons_in <= 1000}\n");
    CHECK(std::ranges::all_of(kept,
                              [](const SweepPoint& point) { return point[0] + point[1] <= 1000; }));
    if (method != "latin_hypercube") CHECK(kept.size() == 40);
  }
}

TEST_CASE("Sampling: constraints that leave nothing are an error") {
  for (const std::string method : {"random", "sobol", "latin_hypercube"}) {
    CHECK_THROWS_AS(points(drawn(method, 5) + "constraints: {c: neurocore.neurons < 0}\n"),
                    ConfigError);
  }
  CHECK_THROWS_AS(points("parameters: {grid: {width: 4}}\nconstraints: {c: grid.width < 4}\n"),
                  ConfigError);
}

}  // namespace synfire::test
