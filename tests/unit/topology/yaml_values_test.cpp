// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_values.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

std::string refusal(const std::string& yaml) {
  try {
    read_yaml_values(yaml, "f.yaml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("read_yaml_values: sections become key paths, values keep their text and line") {
  const auto values = read_yaml_values(
      "name: x\ngrid:\n  width: 8 tiles\n  height: {value: 4 tiles, source: \"a: b\"}\n"
      "  depth: {value: 1, assumed: why}\n",
      "f.yaml");
  REQUIRE(values.size() == 4);
  CHECK(values[1].key_path == "grid.width");
  CHECK(values[1].value == "8 tiles");
  CHECK(values[1].place == "f.yaml:3");
  CHECK(values[2].source == "a: b");
  CHECK(values[3].assumed == "why");
}

TEST_CASE("read_yaml_values: refuses with file, line and key path") {
  CHECK(refusal("a: 1\nb: [1, 2]\n") == "f.yaml:2: b: is a list; give one value");
  CHECK(refusal("a:\n  b: 1\n  b: 2\n") == "f.yaml:3: a.b: stands twice; remove one");
  CHECK(refusal("a:\n") == "f.yaml:1: a: is empty; give a value or remove the key");
  CHECK_THAT(refusal("a: {value: 1, sauce: x}\n"), Catch::Contains("a.sauce: unknown key"));
  CHECK_THAT(refusal("a: {source: x}\n"), Catch::Contains("a: has no value"));
  CHECK_THAT(refusal("a: {value: {b: 1}}\n"), Catch::Contains("plain texts"));
  CHECK_THAT(refusal("a: 1\n---\nb: 2\n"), Catch::Contains("several documents"));
  CHECK_THAT(refusal("a: 1\n\tb: {\n"), Catch::StartsWith("f.yaml:"));
  CHECK_THAT(refusal(std::string("a: \0b", 5)), Catch::Contains("control character"));
  CHECK_THAT(refusal(""), Catch::Contains("is empty"));
  CHECK_THAT(refusal("- a\n"), Catch::Contains("is no list of"));
}

TEST_CASE("write_yaml_values: read_yaml_values gives the values back") {
  const std::vector<WrittenValue> values = {
      {"name", "true # no comment", "", "", ""},
      {"text", "two\nlines: \"quoted\"", "", "", ""},
      {"a.b.c", "1 ns", "x, {y}: z", "", ""},
      {"a.b.d", "2 ns", "", "because", ""},
      {"a.e", "~", "", "", ""},
      {"f", "3", "", "", ""},
  };
  const auto again = read_yaml_values(write_yaml_values(values), "again");
  REQUIRE(again.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(again[i].key_path == values[i].key_path);
    CHECK(again[i].value == values[i].value);
    CHECK(again[i].source == values[i].source);
    CHECK(again[i].assumed == values[i].assumed);
  }
}

}  // namespace synfire
