// SPDX-License-Identifier: Apache-2.0
#include "sim/params.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

ParameterInfo of(const Quantity& quantity, std::int64_t minimum = 0,
                 std::int64_t maximum = std::numeric_limits<std::int64_t>::max()) {
  return {"some.key", &quantity, minimum, maximum, {}, "A test."};
}

std::int64_t parse(const Quantity& quantity, const std::string& text) {
  return parse_value(of(quantity), text, "file:1");
}

std::string refusal(const ParameterInfo& parameter, const std::string& text) {
  try {
    parse_value(parameter, text, "file:1");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "some.key");
    return error.what();
  }
  return "accepted";
}

constexpr std::string_view colours[] = {"red", "green"};
constexpr Quantity colour{"colour", {}, colours};

}  // namespace

TEST_CASE("parse_value: numbers with units become whole base units") {
  CHECK(parse(quantity::time, "4.1 ns") == 4'100);
  CHECK(parse(quantity::time, "4.1ns") == 4'100);
  CHECK(parse(quantity::time, "0.0006 ms") == 600'000);
  CHECK(parse(quantity::energy, "35.5 pJ") == 35'500'000);
  CHECK(parse(quantity::energy, "0.05448 pJ") == 54'480);
  CHECK(parse(quantity::energy, "1.3 nJ") == 1'300'000'000);
  CHECK(parse(quantity::memory, "128 KiB") == 1'048'576);
  CHECK(parse(quantity::memory, "0.5 KiB") == 4'096);
  CHECK(parse(quantity::tiles, "8 tiles") == 8);
  CHECK(parse(quantity::tiles, "1 tile") == 1);
  CHECK(parse(quantity::power, "0.125 W") == 125'000'000);
  CHECK(parse(quantity::bandwidth, "unlimited") == 0);
  CHECK(parse(quantity::bandwidth, "8 GB/s") == 64'000);
  CHECK(parse(quantity::time, "000.100 ns") == 100);
}

TEST_CASE("parse_value: a value between two base units is refused, not rounded") {
  CHECK(parse(quantity::time, "0.001 ns") == 1);
  CHECK_THAT(refusal(of(quantity::time), "0.0001 ns"), Catch::Contains("not a whole number of ps"));
  CHECK_THAT(refusal(of(quantity::time), "0.0000001 ps"), Catch::Contains("whole number of ps"));
  CHECK_THAT(refusal(of(quantity::memory), "0.3 KiB"), Catch::Contains("whole number of bit"));
  CHECK_THAT(refusal(of(quantity::tiles), "1.5 tiles"), Catch::Contains("whole number of tile"));
}

TEST_CASE("parse_value: a missing or wrong unit is refused with the units that fit") {
  CHECK(refusal(of(quantity::time), "4.1") ==
        "file:1: some.key: `4.1` has no unit; write it in ps, ns, us, ms or s");
  CHECK_THAT(refusal(of(quantity::time), "4.1 pJ"), Catch::Contains("not a unit for time"));
  CHECK_THAT(refusal(of(quantity::tiles), "4 cores"), Catch::Contains("tile or tiles"));
}

TEST_CASE("parse_value: what is no decimal number is refused") {
  for (const char* text : {"", " ", "abc", "ns", ".5 ns", "5. ns", "1e3 ns", "--1 ns", "1.2.3 ns",
                           "0x10 ns", "nan ns", "1_000 ns", "12345678901234567890 ps"}) {
    INFO(text);
    CHECK(refusal(of(quantity::time), text) != "accepted");
  }
}

TEST_CASE("parse_value: the range is closed at both ends") {
  const ParameterInfo parameter = of(quantity::tiles, 2, 5);
  CHECK(refusal(parameter, "1 tile") ==
        "file:1: some.key: `1 tile` is out of range; give 2 tiles to 5 tiles");
  CHECK(refusal(parameter, "2 tiles") == "accepted");
  CHECK(refusal(parameter, "5 tiles") == "accepted");
  CHECK(refusal(parameter, "6 tiles") != "accepted");
  CHECK_THAT(refusal(of(quantity::time), "-1 ns"), Catch::Contains("out of range"));
  CHECK_THAT(refusal(of(quantity::time), "999999999999999999 s"), Catch::Contains("out of range"));
}

TEST_CASE("parse_value: a link of no bandwidth is refused; unlimited is a word") {
  CHECK(parse(quantity::bandwidth, "unlimited") == 0);
  CHECK(parse(quantity::bandwidth, "1 B/ns") == parse(quantity::bandwidth, "8 Gb/s"));
  CHECK(refusal(of(quantity::bandwidth), "0 B/ns") ==
        "file:1: some.key: `0 B/ns` would let nothing pass; give more, or write unlimited");
}

TEST_CASE("parse_value: only counts may omit their unit, and only where the rule says so") {
  CHECK(parse_value(of(quantity::tiles), "16", "", CountRule::may_omit_unit) == 16);
  CHECK_THROWS_AS(parse_value(of(quantity::tiles), "16", "", CountRule::needs_unit), ConfigError);
  CHECK_THROWS_AS(parse_value(of(quantity::time), "16", "", CountRule::may_omit_unit), ConfigError);
}

TEST_CASE("parse_value: a seed is a plain number; its noun is understood") {
  CHECK(parse(quantity::seed, "7") == 7);
  CHECK(parse(quantity::seed, "7 seed") == 7);
  CHECK(format_value(quantity::seed, 7) == "7");
}

TEST_CASE("parse_value: a choice is one of its words") {
  CHECK(parse(colour, "green") == 1);
  CHECK_THAT(refusal(of(colour), "gren"), Catch::Contains("did you mean `green`?"));
}

TEST_CASE("format_value: parse_value gives every formatted value back") {
  for (const Quantity* quantity :
       {&quantity::time, &quantity::energy, &quantity::power, &quantity::bandwidth,
        &quantity::memory, &quantity::rate, &quantity::ratio, &quantity::neurons}) {
    for (const std::int64_t value :
         {0LL, 1LL, 2LL, 999LL, 1'000LL, 1'024LL, 4'100LL, 8'192LL, 1'048'576LL, 20'312'500LL,
          123'456'789LL, 999'999'999'999LL, 100'000'000'000'000'000LL}) {
      const std::string text = format_value(*quantity, value);
      INFO(text);
      CHECK(parse_value(of(*quantity), text, "") == value);
    }
  }
}

TEST_CASE("format_value: takes the unit that reads best") {
  CHECK(format_value(quantity::time, 4'100) == "4.1 ns");
  CHECK(format_value(quantity::time, 100) == "100 ps");
  CHECK(format_value(quantity::energy, 54'480) == "54.48 fJ");
  CHECK(format_value(quantity::memory, 1'048'576) == "128 KiB");
  CHECK(format_value(quantity::memory, 32) == "4 B");
  CHECK(format_value(quantity::tiles, 1) == "1 tile");
  CHECK(format_value(quantity::bandwidth, 0) == "unlimited");
}

TEST_CASE("make_parameter: durations, energies, integers and enumerations are set by one number") {
  enum class Mood : std::uint8_t { calm, wild };
  struct Sample {
    Duration wait{};
    Energy cost;
    std::int64_t count = 0;
    Mood mood{};
  } sample;
  const auto wait = make_parameter<Sample>(
      of(quantity::time), [](auto& s) -> auto& { return s.wait; });
  const auto cost = make_parameter<Sample>(
      of(quantity::energy), [](auto& s) -> auto& { return s.cost; });
  const auto mood = make_parameter<Sample>(
      of(colour), [](auto& s) -> auto& { return s.mood; });
  wait.set(sample, 7);
  cost.set(sample, 8);
  mood.set(sample, 1);
  CHECK(sample.wait == picoseconds(7));
  CHECK(sample.cost == Energy::attojoules(8));
  CHECK(sample.mood == Mood::wild);
  CHECK(wait.get(sample) == 7);
  CHECK(cost.get(sample) == 8);
  CHECK(mood.get(sample) == 1);
}

TEST_CASE("reference_line: says range, default and meaning") {
  CHECK(reference_line({"grid.width", &quantity::tiles, 1, 9, 3, "Tiles."}) ==
        "grid.width: number of tiles, 1 tile to 9 tiles, default 3 tiles. Tiles.");
  CHECK(reference_line({"c", &colour, 0, 1, {}, "Hue."}) == "c: red | green. Hue.");
}

}  // namespace synfire
