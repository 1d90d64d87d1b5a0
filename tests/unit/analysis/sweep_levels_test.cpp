// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_levels.hpp"

#include <catch2/catch.hpp>

#include "analysis/plot_sweep.hpp"
#include "sim/error.hpp"

namespace synfire::test {
namespace {

/// Parameters a = 0 .. 3, b = multicast.kind = 0 or 1; metrics 10 a + b, b alone, a constant.
SweepTable table() {
  SweepTable table;
  table.header = {.facts = {},
                  .chip_yaml = "",
                  .parameters = {"a", "multicast.kind"},
                  .units = {"1", "unicast|tree"},
                  .workloads = {"w", "empty"},
                  .metrics = {"energy_per_token", "latency_per_token", "area_proxy"},
                  .metric_units = {"J", "s", "bit"},
                  .objectives = {"energy_per_token", "latency_per_token"}};
  for (std::int64_t a = 0; a < 4; ++a) {
    for (std::int64_t b = 0; b < 2; ++b) {
      SweepRow row;
      row.values = {a, b};
      row.metrics = {static_cast<double>(10 * a + b), static_cast<double>(1 - b), 5};
      table.rows.push_back(row);
    }
  }
  table.is_on_front = rows_on_front(table.header, table.rows);
  table.is_complete = true;
  return table;
}

}  // namespace

TEST_CASE("Sensitivity: the share of the variance between the levels of a parameter") {
  const SweepTable t = table();
  const auto rows = measured_rows(t, 0);
  CHECK(rows.size() == 8);
  // 100 x variance of 0 .. 3 = 125, variance of 0 and 1 = 0.25.
  CHECK(sensitivity(t, rows, 0, 0) == Approx(125 / 125.25));
  CHECK(sensitivity(t, rows, 1, 0) == Approx(0.25 / 125.25));
  CHECK(sensitivity(t, rows, 0, 1) == Approx(0).margin(1e-12));
  CHECK(sensitivity(t, rows, 1, 1) == Approx(1));
  CHECK(sensitivity(t, rows, 0, 2) == 0);
}

TEST_CASE("Levels: few values stand alone, many fall into eight ranges of as many each") {
  SweepTable t = table();
  const SweepLevels words(t, measured_rows(t, 0), 1);
  CHECK(words.count() == 2);
  CHECK(words.name(1) == "tree");
  for (std::int64_t a = 4; a < 80; ++a) {
    t.rows.push_back(t.rows.front());
    t.rows.back().values[0] = a;
  }
  const SweepLevels ranges(t, measured_rows(t, 0), 0);
  CHECK(ranges.count() == 8);
  CHECK(ranges.name(0) == "0 to 9");
  CHECK(ranges.name(7) == "70 to 79");
  CHECK(ranges.level_of(0) == 0);
  CHECK(ranges.level_of(9) == 0);
  CHECK(ranges.level_of(10) == 1);
  CHECK(ranges.level_of(79) == 7);
}

TEST_CASE("Figures of a sweep: the numbers behind the picture, and refusals by name") {
  const SweepTable t = table();
  CHECK(plot_sweep_sensitivity(t, {}).data.find("multicast.kind,latency_per_token,1\n") !=
        std::string::npos);
  const Figure map = plot_sweep_heatmap(t, {});
  CHECK(map.data ==
        "a,multicast.kind,energy_per_token\n0,unicast,0\n1,unicast,10\n2,unicast,20\n3,unicast,"
        "30\n0,tree,1\n1,tree,11\n"
        "2,tree,21\n3,tree,31\n");
  const Figure other =
      plot_sweep_heatmap(t, {.parameters = {"multicast.kind", "a"}, .metric = "area_proxy"});
  CHECK(other.data.starts_with("multicast.kind,a,area_proxy\nunicast,0,5\n"));
  // Of the first objective only a = 0 is good, of the second b = 1.
  CHECK(t.is_on_front == std::vector<bool>{true, true, false, false, false, false, false, false});
  CHECK(plot_sweep_pareto(t, {}).script.find("$beaten") != std::string::npos);
  CHECK(plot_sweep_parallel(t, {}).data == to_csv(t) + "\n");
  CHECK_THROWS_AS(plot_sweep_heatmap(t, {.parameters = {"a"}}), ConfigError);
  CHECK_THROWS_AS(plot_sweep_heatmap(t, {.parameters = {"a", "a"}}), ConfigError);
  CHECK_THROWS_AS(plot_sweep_heatmap(t, {.parameters = {"a", "c"}}), ConfigError);
  CHECK_THROWS_AS(plot_sweep_heatmap(t, {.metric = "speed"}), ConfigError);
  CHECK_THROWS_AS(plot_sweep_pareto(t, {.workload = "none"}), ConfigError);
  CHECK_THROWS_AS(plot_sweep_pareto(t, {.workload = "empty"}), ConfigError);
}

}  // namespace synfire::test
