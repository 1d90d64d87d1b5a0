// SPDX-License-Identifier: Apache-2.0
#include "analysis/report_data.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

using Json = nlohmann::json;
using Column = std::vector<std::int64_t>;

TimePoint at(std::int64_t picosecond) {
  return TimePoint{picoseconds(picosecond)};
}

/// in (2 neurons) -> block0.hidden (3, on two neurocores) -> readout (1); T = 1.
Network network() {
  return {
      1,
      {Population{.name = "in", .size = 2, .model = NeuronModel::input},
       Population{.name = "block0.hidden", .size = 3, .threshold = {1, 1, 1}, .bias = {0, 0, 0}},
       Population{.name = "readout", .size = 1, .model = NeuronModel::readout, .bias = {0}}},
      {Projection{.source = PopulationId{0},
                  .target = PopulationId{1},
                  .weights = std::vector<std::int8_t>(6, 1)},
       Projection{.source = PopulationId{1},
                  .target = PopulationId{2},
                  .weights = std::vector<std::int8_t>(3, 1)}}};
}

Mapping mapping() {
  return {.slices = {{PopulationId{0}, 0, 2, host_core},
                     {PopulationId{1}, 0, 2, CoreId{0}},
                     {PopulationId{1}, 2, 3, CoreId{1}},
                     {PopulationId{2}, 0, 1, CoreId{1}}},
          .cores = {}};
}

SimulationTotals totals(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  SimulationTotals totals;
  totals.now = at(2048);
  totals.spikes = 5;
  totals.slices.resize(4);
  totals.slices[1][Action::synaptic_operation] = 4;
  totals.slices[2][Action::synaptic_operation] = 2;
  totals.links.resize(graph.links().size());
  totals.link_use.resize(graph.links().size());
  totals.link_use[0].bits = 96;
  totals.link_use[0].busy = picoseconds(12);
  totals.core_use.resize(graph.core_count() + 1);
  totals.spikes_per_population = {2, 3, 0};
  totals.neuron_steps_per_population = {0, 6, 2};
  totals.spikes_per_neuron = {{1, 1}, {1, 1, 1}, {0}};
  return totals;
}

void record(const std::filesystem::path& file) {
  const Network net = network();
  const ChipDescription chip = load_chip("ideal");
  const Mapping map = mapping();
  Recorder recorder(file, {.network = net,
                           .chip = chip,
                           .mapping = map,
                           .model_identity = "cafe",
                           .model_path = "tiny",
                           .alphabet = "ab",
                           .run = {{"prompt", "a"}},
                           .provenance = {},
                           .volatile_provenance = {},
                           .potentials = {{PopulationId{1}, 0, 1}},
                           .faults = std::nullopt});
  recorder.name_token(0, {.id = 0, .position = 0, .is_given = true});
  recorder.name_token(1, {.id = 1, .position = 1});
  const std::vector<SpikeRecord> spikes{{at(10), 0, 0, PopulationId{0}, 0},
                                        {at(40), 0, 1, PopulationId{1}, 0},
                                        {at(41), 0, 2, PopulationId{1}, 0},
                                        {at(1010), 1, 1, PopulationId{0}, 0},
                                        {at(2048), 1, 0, PopulationId{1}, 0}};
  recorder.on_spikes(spikes);
  const std::vector<StepRecord> steps{
      {at(5), at(12), 0, 0, SliceId{0}},      {at(30), at(45), 0, 0, SliceId{1}},
      {at(31), at(44), 0, 0, SliceId{2}},     {at(60), at(70), 0, 0, SliceId{3}},
      {at(1005), at(1012), 1, 0, SliceId{0}}, {at(1030), at(1040), 1, 0, SliceId{1}},
      {at(1031), at(1050), 1, 0, SliceId{2}}, {at(1060), at(1070), 1, 0, SliceId{3}}};
  recorder.on_steps(steps);
  const std::vector<std::int32_t> potential{-7};
  recorder.on_potentials({at(30), 0, 0, PopulationId{1}, 0, potential});
  const std::vector<std::int32_t> logits{3};
  recorder.on_token({0, at(10), at(80), logits});
  recorder.on_token({1, at(1010), at(1080), logits});
  recorder.note_actions(2, totals(chip));
  recorder.finish({.totals = totals(chip),
                   .accounts = {},
                   .run = {{"text", std::string("ab")}},
                   .volatile_provenance = {}});
}

std::string element(const std::string& html, const std::string& id) {
  const auto start = html.find('>', html.find("id=\"" + id + "\"")) + 1;
  return html.substr(start, html.find("</script>", start) - start);
}

std::string unpacked(const std::string& text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : text) {
    if (digit == '=') break;
    bits = bits << 6U | static_cast<std::uint32_t>(digits.find(digit));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
  }
  std::string plain(1U << 18U, '\0');
  uLongf size = plain.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                     reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) == Z_OK);
  plain.resize(size);
  return plain;
}

/// The columns of a piece `[at, characters, rows, ...]`.
std::vector<Column> columns(const std::string& blob, const Json& piece) {
  const std::string bytes = unpacked(blob.substr(piece[0], piece[1]));
  const std::size_t rows = piece[2];
  std::vector<Column> result;
  std::size_t at = 0;
  while (at < bytes.size()) {
    Column column;
    std::int64_t value = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      std::uint64_t zigzag = 0;
      for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes[at++]);
        zigzag |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80U) break;
      }
      value += static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
      column.push_back(value);
    }
    result.push_back(column);
  }
  return result;
}

}  // namespace

TEST_CASE("Report data: a run of five spikes is packed as it was recorded") {
  const test::TemporaryFolder folder;
  record(folder / "run.h5");
  std::ostringstream output;
  write_report_data(Recording(folder / "run.h5"), 0, output, [](double) {});
  const std::string blob = element(output.str(), "blob-0");
  const Json run = Json::parse(element(output.str(), "run-0"));
  const auto of = [&](const Json& piece) { return columns(blob, piece); };
  using Columns = std::vector<Column>;

  CHECK(run["format"] == 1);
  CHECK(run["file"] == "run.h5");
  CHECK(run["notes"].empty());
  CHECK(run["end_ps"] == 2048);
  CHECK(run["prompt"] == "a");
  CHECK(run["summary"]["text"] == "ab");
  CHECK(run["summary"]["spikes"] == 5);
  CHECK_FALSE(run["summary"].contains("wall_s"));
  CHECK(run["slices"] == Json::parse("[[0,-1,0,2],[1,0,0,2],[1,1,2,3],[2,1,0,1]]"));
  CHECK(run["populations"][1] ==
        Json::parse(
            R"({"name":"block0.hidden","size":3,"model":"lif","layer":"block0","spikes":3})"));

  CHECK(of(run["tokens"]) == Columns{{0, 1}, {0, 1}, {0, 1}, {1, 0}, {10, 1010}, {80, 1080}});
  const Json& hidden = run["spikes"]["populations"][1];
  CHECK(run["spikes"]["populations"][2].is_null());
  REQUIRE(hidden["blocks"].size() == 1);
  CHECK(hidden["blocks"][0][3] == 40);
  CHECK(hidden["blocks"][0][4] == 2048);
  CHECK(of(hidden["blocks"][0]) == Columns{{40, 41, 2048}, {1, 2, 0}, {0, 0, 1}, {0, 0, 0}});
  CHECK(of(hidden["activity"]) == Columns{{1, 1}, {1, 0}});
  const Column density = of(hidden["density"])[0];
  REQUIRE(density.size() == std::size_t{3} * 2048);
  CHECK(density[2047] == 1);
  CHECK(density[2048 + 40] == 1);
  CHECK(density[4096 + 41] == 1);
  CHECK(of(run["potentials"][0]["blocks"][0]) == Columns{{30}, {0}, {0}, {0}, {-7}});

  const Json& steps = run["steps"];
  CHECK(steps["layers"] == Json::parse(R"(["in","block0","readout"])"));
  CHECK(of(steps["layer_times"]) ==
        Columns{{5, 1005}, {12, 1012}, {30, 1030}, {45, 1050}, {60, 1060}, {70, 1070}});
  CHECK(of(steps["blocks"][0]) == Columns{{0, 0, 0, 1, 1, 1},
                                          {0, 1, 2, 0, 1, 2},
                                          {0, 0, 0, 0, 0, 0},
                                          {5, 30, 60, 1005, 1030, 1060},
                                          {12, 45, 70, 1012, 1050, 1070}});
  CHECK(of(steps["critical_path"][0]) == Columns{{0, 0, 0, 1, 1, 1},
                                                 {0, 1, 3, 0, 2, 3},
                                                 {0, 0, 0, 0, 0, 0},
                                                 {10, 12, 45, 1010, 1012, 1050},
                                                 {10, 30, 60, 1010, 1031, 1060},
                                                 {12, 45, 70, 1012, 1050, 1070}});

  const std::vector<Column> actions = of(run["layer_actions"]["rows"]);
  const auto synaptic_operations = static_cast<std::size_t>(Action::synaptic_operation);
  REQUIRE(actions.size() == 2 + 3 * action_kinds);
  CHECK(actions[0] == Column{2});
  CHECK(actions[1] == Column{2048});
  CHECK(actions[2 + action_kinds + synaptic_operations] == Column{6});

  const std::vector<Column> link_use = of(run["link_use"]);
  const std::size_t links = run["network"]["links"].size();
  REQUIRE(link_use.size() == 1 + 2 * links);
  CHECK(link_use[0] == Column{2048});
  CHECK(link_use[1] == Column{96});
  CHECK(link_use[1 + links] == Column{12});
  CHECK(link_use[2] == Column{0});
}

}  // namespace synfire
