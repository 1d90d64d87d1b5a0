// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/seed.hpp"
#include "topology/chip.hpp"
#include "topology/chip_presets.hpp"

namespace synfire {
namespace {

/// True if the text is a chip; false if it is refused with one line that names the file.
bool is_chip(const std::string& yaml) {
  try {
    parse_chip(yaml, "fuzz.yaml");
    return true;
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    REQUIRE_THAT(message, Catch::StartsWith("fuzz.yaml"));
    REQUIRE(message.find('\n') == std::string::npos);
    REQUIRE_FALSE(error.key_path.empty());
    return false;
  }
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

constexpr std::string_view marks{"{}[]:,&*!|>'\"%@`#-?~ \n\t0", 25};  // a zero byte, too

/// A preset with a few changes.
std::string mutated_preset(std::uint64_t seed) {
  const auto presets = chip_presets();
  return test::mutated(std::string(presets[seed % presets.size()].yaml), marks, seed);
}

}  // namespace

TEST_CASE("Chip files of the corpus are each refused with one line") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYNFIRE_FUZZ_CORPUS "/chip")) {
    INFO(entry.path());
    std::ifstream stream(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    CHECK_FALSE(is_chip(text.str()));
    ++files;
  }
  CHECK(files >= 20);
}

TEST_CASE("Chip texts whose values span lines are refused with one line") {
  CHECK_FALSE(is_chip("name: x\ngrid: {width: \"8\\ntiles\"}\n"));
  std::string yaml(chip_presets().front().yaml);
  yaml.replace(yaml.find("value: state"), 12, "value: \"st\\nate\"");
  CHECK_FALSE(is_chip(yaml));
}

TEST_CASE("Chip texts too deep, too long or full of references are refused") {
  CHECK_FALSE(is_chip(repeated("[", 20'000)));
  CHECK_FALSE(is_chip(repeated("{a: ", 20'000)));
  CHECK_FALSE(is_chip(repeated("- ", 20'000)));
  CHECK_FALSE(is_chip(repeated("? ", 20'000)));
  CHECK_FALSE(is_chip(repeated("a: 1\n", 100'000)));
  CHECK_FALSE(is_chip("grid: " + repeated("!", 20'000)));
  CHECK_FALSE(is_chip(repeated("*a ", 10'000)));
  CHECK_FALSE(is_chip("grid:\n  width: " + repeated("9", 100'000) + " tiles\n"));
  std::string laughs = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before +
              "]\n";
  }
  CHECK_FALSE(is_chip(laughs));
}

TEST_CASE("Presets with random damage are chips or are refused with one line") {
  constexpr std::uint64_t cases = 500;
  int refused = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = test::base_seed() + i;
    INFO("seed " << seed);
    if (!is_chip(mutated_preset(seed))) ++refused;
  }
  CHECK(refused > static_cast<int>(cases / 4));
}

}  // namespace synfire
