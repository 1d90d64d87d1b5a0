// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"
#include "topology/mapping_file.hpp"

namespace synfire {
namespace {

/// A small decoder and its mapping onto a chip of small neurocores.
struct Sample {
  Model model = test::random_decoder(7).model;
  ChipDescription chip = load_chip("ideal", std::vector<std::string>{"neurocore.neurons=64"});
  std::string yaml = to_yaml(map_network(model.network, chip, model.text.context), model.network);

  /// True if the text is a mapping; false if it is refused with one line that names the file.
  bool is_mapping(const std::string& text) const {
    try {
      parse_mapping(text, "fuzz.yaml", model.network, chip, model.text.context);
      return true;
    } catch (const ConfigError& error) {
      const std::string message = error.what();
      REQUIRE_THAT(message, Catch::StartsWith("fuzz.yaml"));
      REQUIRE(message.find('\n') == std::string::npos);
      REQUIRE_FALSE(error.key_path.empty());
      return false;
    }
  }
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

constexpr std::string_view marks{"{}[]:,&*!|>'\"%@`#-?~ \n\t0", 25};  // a zero byte, too

}  // namespace

TEST_CASE("Mapping files: what was written is taken, everything of the chip corpus is refused") {
  const Sample sample;
  CHECK(sample.is_mapping(sample.yaml));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYNFIRE_FUZZ_CORPUS "/chip")) {
    INFO(entry.path());
    std::ifstream stream(entry.path(), std::ios::binary);
    CHECK_FALSE(sample.is_mapping({std::istreambuf_iterator<char>(stream), {}}));
    ++files;
  }
  CHECK(files >= 20);
}

TEST_CASE("Mapping texts too deep, too long, full of references or of strange lines are refused") {
  const Sample sample;
  for (const std::string text : {"[", "{a: ", "- ", "? ", "slices: ", "*a ", "!"}) {
    INFO(text);
    CHECK_FALSE(sample.is_mapping(repeated(text, 20'000)));
    CHECK_FALSE(sample.is_mapping("slices:\n" + repeated(text, 20'000)));
  }
  CHECK_FALSE(sample.is_mapping(repeated("a", 5'000'000)));
  CHECK_FALSE(sample.is_mapping(std::string(10, '\0')));
  CHECK_FALSE(sample.is_mapping("slices: &a [*a]\n"));
  CHECK_FALSE(sample.is_mapping("slices: &a\n  - {population: *a, neurons: *a, neurocore: *a}\n"));
  CHECK_FALSE(sample.is_mapping("slices:\n  - {population: \"a\\nb\", neurons: \"0\\n:1\"}\n"));
  CHECK_FALSE(sample.is_mapping("slices:\n" + repeated("  - {a: 1}\n", 20'000)));
  std::string laughs = "slices:\n  - &a0 {a: x, b: x}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "  - &a" + std::to_string(i) + " {a: " + before + ", b: " + before + "}\n";
  }
  CHECK_FALSE(sample.is_mapping(laughs));
}

TEST_CASE("Mappings with random damage are mappings or are refused with one line") {
  const Sample sample;
  constexpr std::uint64_t cases = 1000;
  int refused = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = test::base_seed() + i;
    INFO("seed " << seed);
    if (!sample.is_mapping(test::mutated(sample.yaml, marks, seed))) ++refused;
  }
  CHECK(refused > static_cast<int>(cases / 2));
}

}  // namespace synfire
