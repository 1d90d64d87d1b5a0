// SPDX-License-Identifier: Apache-2.0
#include "analysis/report_data.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "analysis/recording.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_recording.hpp"

namespace synfire {
namespace {

using Json = nlohmann::json;
using Column = std::vector<std::int64_t>;

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
  test::record_tiny(folder / "run.h5");
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
