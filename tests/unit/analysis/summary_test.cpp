// SPDX-License-Identifier: Apache-2.0
#include "analysis/summary.hpp"

#include <sstream>

#include <catch2/catch.hpp>

namespace synfire {
namespace {

RunSummary small_summary() {
  RunSummary summary;
  summary.chip = "test-chip";
  summary.text = "call me";
  summary.prompt_tokens = 4;
  summary.generated_tokens = 3;
  summary.totals.spikes = 1234567;
  summary.totals.slices.resize(1);
  summary.totals.slices[0][Action::synaptic_operation] = 42;
  summary.energy.dynamic = Energy::attojoules(2'000'000'000'000);
  summary.energy.by_layer = {{"block0.attention", Energy::attojoules(2'000'000'000'000)}};
  summary.latency = {.tokens = 7, .span = picoseconds(7'000'000)};
  summary.sparsity = {{"block0.attention", 0.25, 0.5}};
  summary.assumed = {"attention.lanes", "host.latency"};
  return summary;
}

}  // namespace

TEST_CASE("Summary: SI prefixes keep four digits") {
  CHECK(engineering(1.234567e-5, "J") == "12.35 uJ");
  CHECK(engineering(0, "J") == "0 J");
  CHECK(engineering(999, "") == "999 ");
  CHECK(engineering(2.5e9, "Hz") == "2.5 GHz");
}

TEST_CASE("Summary: the table names counts, energy by layer, sparsity and assumed numbers") {
  const std::string table = to_table(small_summary());
  CHECK(table.find("1,234,567") != std::string::npos);
  CHECK(table.find("block0.attention") != std::string::npos);
  CHECK(table.find("75.00 %") != std::string::npos);
  CHECK(table.find("attention.lanes, host.latency") != std::string::npos);
}

TEST_CASE("Summary: no line of the table is wider than 100 columns") {
  RunSummary summary = small_summary();
  summary.assumed.assign(40, "link.horizontal.megabits_per_second");
  summary.arithmetic = ArithmeticAccount{1e-6, 2e-6, 3e-6, true};
  std::istringstream lines(to_table(summary));
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 100);
  }
}

TEST_CASE("Summary: a saving is never printed without the account that it comes from") {
  RunSummary summary = small_summary();
  summary.arithmetic = ArithmeticAccount{1e-6, 2e-6, 4e-6, false};
  std::istringstream lines(to_table(summary));
  int savings = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("saves") == std::string::npos) continue;
    ++savings;
    CHECK(line.find("in this account") != std::string::npos);
  }
  CHECK(savings == 2);
}

TEST_CASE("Summary: the JSON object has the documented keys") {
  const std::string json = to_json(small_summary());
  for (const char* key :
       {"text", "energy_j", "total", "by_action", "by_layer", "latency_s_per_token", "wall_s",
        "events", "events_per_wall_s", "spikes", "packets", "control_packets", "hops",
        "synaptic_operations", "peak_rss_bytes", "sparsity", "assumed"}) {
    INFO(key);
    CHECK(json.find("\"" + std::string(key) + "\": ") != std::string::npos);
  }
  CHECK(json.find("\"latency_s_per_token\": 1e-06") != std::string::npos);
}

}  // namespace synfire
