// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>

#include "models/training/ablation_grid.hpp"
#include "models/training/ablation_table.hpp"
#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

using Catch::Contains;

std::string setting(const AblationRow& row, const std::string& key) {
  for (const auto& [name, value] : row.settings) {
    if (name == key) return value;
  }
  return "";
}

AblationResult some_result(const std::string& name) {
  AblationResult result;
  result.name = name;
  result.settings = "synfire train --text book.txt --width 64";
  result.note = "a note, with a comma";
  result.parameters = 123;
  result.trained_characters = 456;
  result.held_out_bits = 2.5;
  result.firing = {{"block0.attention", 0.25, 0.0}, {"head.input", 0.125, 0.5}};
  return result;
}

}  // namespace

TEST_CASE("ablation file: a row is the product of its alternatives over what is common") {
  const auto rows = read_ablation(
      "ablation:\n"
      "  - {tokens: 100, width: 64}\n"
      "  - {row: norm, norm: batch | layer, seed: 1 | 2, width: 32}\n"
      "  - {tokens: 200}\n"
      "  - {row: wide, token-code: one-hot, trained: no}\n",
      "grid.yaml");
  REQUIRE(rows.size() == 5);
  CHECK(rows[0].name == "norm norm=batch seed=1");
  CHECK(rows[3].name == "norm norm=layer seed=2");
  CHECK(setting(rows[3], "norm") == "layer");
  CHECK(setting(rows[3], "width") == "32");
  CHECK(setting(rows[3], "tokens") == "100");
  CHECK(rows[4].name == "wide");
  CHECK(setting(rows[4], "tokens") == "200");
  CHECK(rows[0].is_trained);
  CHECK_FALSE(rows[4].is_trained);
}

TEST_CASE("ablation file: what makes no sense is refused with its line") {
  CHECK_THROWS_WITH(read_ablation("ablation:\n  - {tokens: 1}\n", "g.yaml"),
                    Contains("g.yaml") && Contains("has no rows"));
  CHECK_THROWS_WITH(read_ablation("ablation:\n  - {row: a}\n  - {row: a}\n", "g.yaml"),
                    Contains("g.yaml:3") && Contains("stands twice"));
  CHECK_THROWS_WITH(read_ablation("ablation:\n  - {row: a, norm: batch | }\n", "g.yaml"),
                    Contains("g.yaml:2: norm") && Contains("empty alternative"));
  CHECK_THROWS_WITH(read_ablation("ablation:\n  - {row: a, trained: maybe}\n", "g.yaml"),
                    Contains("yes or no"));
  CHECK_THROWS_AS(read_ablation("rows: []\n", "g.yaml"), ConfigError);
}

TEST_CASE("ablation table: rows come back as they were put, a second put replaces") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "table.h5";
  {
    AblationTable table(path, "a chip");
    table.put(some_result("a"));
    table.put(some_result("b"));
    AblationResult better = some_result("a");
    better.held_out_bits = 2.0;
    better.firing.pop_back();
    table.put(better);
  }
  const AblationTable table(path, "a chip");
  REQUIRE(table.rows().size() == 2);
  const auto a = table.find("a", some_result("a").settings);
  REQUIRE(a);
  CHECK(a->held_out_bits == 2.0);
  CHECK(std::isnan(a->chip_energy));
  REQUIRE(a->firing.size() == 1);
  CHECK(a->firing[0].population == "block0.attention");
  CHECK(table.rows()[1].firing.size() == 2);
  CHECK(table.rows()[1].firing[1].silent == 0.5);
  CHECK_FALSE(table.find("a", "other settings"));
  CHECK_THAT(to_csv(table.rows()), Contains("\"a note, with a comma\",123,456,2,,"));
}

TEST_CASE("ablation table: rows of another chip are refused, not mixed with those of this one") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "table.h5";
  AblationTable(path, "a chip, 256 characters").put(some_result("a"));
  CHECK_THROWS_WITH(AblationTable(path, "another, 256 characters"),
                    Contains("a chip, 256 characters") && Contains("--chip"));
  CHECK(AblationTable(path, "a chip, 256 characters").rows().size() == 1);
}

TEST_CASE("ablation table: a file of another kind is refused, not replaced") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "notes.txt";
  std::ofstream(path) << "not a table";
  CHECK_THROWS_AS(AblationTable(path, "a chip"), IoError);
  CHECK(std::filesystem::file_size(path) == 11);
}

}  // namespace synfire::training
