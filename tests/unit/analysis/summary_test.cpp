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

/// With a packet dropped, a link dead and a router name that a file may hold.
RunSummary faulty_summary() {
  RunSummary summary = small_summary();
  summary.totals.lost = {.dropped = 1234, .dead_link = 1, .dead_core = 0};
  summary.faults = {{.seed = 7, .drop_rate = 1'000'000, .dead_links = 1},
                    {.dead_links = {{RouterId{3}, RouterId{4}, "link `a` to `b`"}},
                     .dead_cores = {},
                     .stuck = {},
                     .flipped_bits = {}}};
  summary.prompt_score = {16, 2.5};
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

TEST_CASE("Summary: names from a GraphML file do not widen the table") {
  RunSummary summary = faulty_summary();
  const std::string name = "link `" + std::string(300, 'x') + "` to `b`";
  summary.traffic.busiest_link = {.place = name, .share = 0.5};
  summary.traffic.slowest_link = {.place = name, .time = picoseconds(5)};
  summary.traffic.deepest_queue = {.place = name, .packets = 9};
  summary.traffic.most_stalled = {.place = name, .time = picoseconds(7)};
  std::istringstream lines(to_table(summary));
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 100);
    CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("Summary: faults are named with what they took; without any not a word of them") {
  const std::string sound = to_table(small_summary());
  CHECK(sound.find("fault") == std::string::npos);
  const std::string table = to_table(faulty_summary());
  for (const char* words :
       {"1,235 lost by faults", "drop_rate 0.1 %", "1,234 deliveries lost", "dead_links 1",
        "1 delivery lost; link `a` to `b`", "seed 7", "2.5000 bits per character, 16 predicted"}) {
    INFO(words);
    CHECK(table.find(words) != std::string::npos);
  }
  CHECK(table.find("stuck") == std::string::npos);
  const std::string json = to_json(faulty_summary());
  for (const char* words : {"\"bits_per_character_of_prompt\": 2.5", "\"drop_rate\": 0.001",
                            "\"dropped\": 1234", "\"total\": 1235"}) {
    INFO(words);
    CHECK(json.find(words) != std::string::npos);
  }
  CHECK(to_json(small_summary()).find("\"faults\"") == std::string::npos);
}

TEST_CASE("Summary: an operating point is told if it is not nominal, and always in JSON") {
  RunSummary summary = small_summary();
  CHECK(to_table(summary).find("operating point") == std::string::npos);
  CHECK(to_json(summary).find("\"neurocore_voltage\": 1.0") != std::string::npos);
  summary.operating_point = {
      .neurocore_frequency = 50'000, .neurocore_voltage = 87'500, .network_voltage = 120'001};
  const std::string table = to_table(summary);
  INFO(table);
  CHECK(table.find("\noperating point       neurocores 50 % of the frequency, 87.5 % of the "
                   "voltage\n                      network 120.001 % of the voltage\n") !=
        std::string::npos);
  const std::string json = to_json(summary);
  for (const char* words : {"\"neurocore_frequency\": 0.5", "\"neurocore_voltage\": 0.875",
                            "\"network_frequency\": 1.0", "\"network_voltage\": 1.20001"}) {
    INFO(words);
    CHECK(json.find(words) != std::string::npos);
  }
}

TEST_CASE("Summary: static energy is told by part, parts without any are left out") {
  RunSummary summary = small_summary();
  summary.energy.leakage.routers = Energy::attojoules(3'000'000'000'000);
  const std::string table = to_table(summary);
  CHECK(table.find("of routers") != std::string::npos);
  CHECK(table.find("of chips") == std::string::npos);
  CHECK(to_json(summary).find("\"routers\": 3e-06") != std::string::npos);
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
  for (const char* key : {"text",
                          "energy_j",
                          "total",
                          "by_action",
                          "by_layer",
                          "latency_s_per_token",
                          "wall_s",
                          "events",
                          "events_per_wall_s",
                          "spikes",
                          "packets",
                          "control_packets",
                          "hops",
                          "synaptic_operations",
                          "multiply_accumulates",
                          "peak_rss_bytes",
                          "sparsity",
                          "assumed",
                          "deliveries",
                          "lost",
                          "network",
                          "description",
                          "routers",
                          "waiting_s_mean",
                          "stalled_s",
                          "operating_point",
                          "static_by_part"}) {
    INFO(key);
    CHECK(json.find("\"" + std::string(key) + "\": ") != std::string::npos);
  }
  CHECK(json.find("\"latency_s_per_token\": 1e-06") != std::string::npos);
}

}  // namespace synfire
