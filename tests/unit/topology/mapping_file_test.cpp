// SPDX-License-Identifier: Apache-2.0
#include "topology/mapping_file.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t context = 8;

/// 6 inputs -> 8 hidden, one-to-one into attention of 2 heads of 4 -> 3 readout.
Network sample_network(const std::string& hidden = "hidden") {
  const auto ones = [](std::uint32_t size) { return std::vector<std::int32_t>(size, 1); };
  const auto weights = [](std::size_t size) { return std::vector<std::int8_t>(size, 1); };
  Population attention{
      .name = "attention", .size = 8, .model = NeuronModel::attention, .threshold = ones(8)};
  attention.attention.heads = 2;
  std::vector<Projection> projections = {
      {.source = PopulationId{0}, .target = PopulationId{1}, .weights = weights(48)},
      {.source = PopulationId{2}, .target = PopulationId{3}, .weights = weights(24)}};
  for (const Port port : {Port::query, Port::key, Port::value}) {
    projections.push_back({.source = PopulationId{1},
                           .target = PopulationId{2},
                           .port = port,
                           .connectivity = Connectivity::one_to_one});
  }
  return Network(2,
                 {{.name = "input", .size = 6, .model = NeuronModel::input},
                  {.name = hidden,
                   .size = 8,
                   .model = NeuronModel::lif,
                   .threshold = ones(8),
                   .bias = ones(8)},
                  attention,
                  {.name = "readout", .size = 3, .model = NeuronModel::readout, .bias = ones(3)}},
                 std::move(projections));
}

ChipDescription sample_chip() {
  ChipDescription chip = load_chip("ideal");
  chip.grid = {.width = 2, .height = 2, .cores_per_tile = 1};
  return chip;
}

const std::string good =  // lines 1 to 6
    "slices:\n"
    "  - {population: input, neurons: \"0:6\", neurocore: host}\n"
    "  - {population: hidden, neurons: \"0:5\", neurocore: 3}\n"
    "  - {population: hidden, neurons: \"5:8\", neurocore: 0}\n"
    "  - {population: attention, neurons: \"0:8\", neurocore: 1}\n"
    "  - {population: readout, neurons: \"0:3\", neurocore: 0}\n";

std::string with(const std::string& before, const std::string& after) {
  std::string text = good;
  const auto place = text.find(before);
  REQUIRE(place != std::string::npos);
  return text.replace(place, before.size(), after);
}

Mapping parsed(const std::string& yaml, const ChipDescription& chip = sample_chip()) {
  return parse_mapping(yaml, "m.yaml", sample_network(), chip, context);
}

/// Refused in one line that begins with `start` and goes on with `fact`.
void check_refused(const std::string& yaml, const std::string& start, const std::string& fact,
                   const ChipDescription& chip = sample_chip()) {
  INFO(yaml);
  try {
    parsed(yaml, chip);
    FAIL("taken");
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    CHECK_THAT(message, Catch::StartsWith(start));
    CHECK_THAT(message, Catch::Contains(fact));
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.find(';') != std::string::npos);  // a remedy
  }
}

}  // namespace

TEST_CASE("parse_mapping: slices in any order come sorted, with what their neurocores hold") {
  const std::string first = "  - {population: hidden, neurons: \"0:5\", neurocore: 3}\n";
  std::string text = good;
  text.erase(text.find(first), first.size());
  const Mapping mapping = parsed(text + first);
  REQUIRE(mapping.slices.size() == 5);
  CHECK(mapping.slices[0] == PopulationSlice{PopulationId{0}, 0, 6, host_core});
  CHECK(mapping.slices[1] == PopulationSlice{PopulationId{1}, 0, 5, CoreId{3}});
  CHECK(mapping.slices[2] == PopulationSlice{PopulationId{1}, 5, 8, CoreId{0}});
  REQUIRE(mapping.cores.size() == 4);
  CHECK(mapping.cores[0].neurons == 3 + 3);
  CHECK(mapping.cores[0].axons_in == 6 + 8);
  CHECK(mapping.cores[0].synapse_memory_bits == 8 * (3 * 6 + 3 * 8));
  CHECK(mapping.cores[1].attention_memory_bits == 2 * 8 * 4 * 4);
  CHECK(mapping.cores[2] == CoreUse{});
}

TEST_CASE("to_yaml: what map_network made and what was written reads back the same") {
  const Network network = sample_network();
  CHECK(to_yaml(parsed(good), network) == good);
  ChipDescription chip = sample_chip();
  chip.neurocore.neurons = 8;
  const Mapping mapping = map_network(network, chip, context);
  const Mapping again = parsed(to_yaml(mapping, network), chip);
  CHECK(again.slices == mapping.slices);
  CHECK(again.cores == mapping.cores);
}

TEST_CASE("to_yaml: names that are no plain words are quoted") {
  for (const char* name : {"a, b: {c}", "null", "\"\\", "# x", "a\tb\x01", "~", " ", "- a"}) {
    INFO(name);
    const Network network = sample_network(name);
    const Mapping mapping = map_network(network, sample_chip(), context);
    const std::string yaml = to_yaml(mapping, network);
    CHECK(parse_mapping(yaml, "m", network, sample_chip(), context).slices == mapping.slices);
  }
}

TEST_CASE("parse_mapping: mistakes are named with file, line, key and remedy") {
  check_refused(with("population: hidden", "population: hiden"), "m.yaml:3: slices[1].population",
                "did you mean `hidden`?");
  check_refused(with("population: hidden", "population: hidden.partial0"),
                "m.yaml:3: slices[1].population", "hidden has no such partial sum on this chip");
  check_refused(with("population: hidden", "population: hiden.partial0"),
                "m.yaml:3: slices[1].population", "no population of this name");
  check_refused(with("neurocore: 3", "neurocore: 4"), "m.yaml:3: slices[1].neurocore", "0 to 3");
  check_refused(with("neurocore: 3", "neurocore: -1"), "m.yaml:3: slices[1].neurocore", "0 to 3");
  check_refused(with("neurocore: 3", "neurocore: 99999999999"), "m.yaml:3: slices[1].neurocore",
                "0 to 3");
  check_refused(with("neurocore: 3", "neurocore: host"), "m.yaml:3: slices[1].neurocore",
                "inputs only");
  check_refused(with("neurocore: host", "neurocore: 0"), "m.yaml:2: slices[0].neurocore", "`host`");
  check_refused(with("0:6", "0:5"), "m.yaml:2: slices[0].neurons", "inputs stay together");
  check_refused(with("0:5", "0:6"), "m.yaml:4: slices[2].neurons", "neuron 5 of hidden stands");
  check_refused(with("0:5", "0:8"), "m.yaml:4: slices[2].neurons", "neuron 5 of hidden stands");
  check_refused(with("0:5", "0:4"), "m.yaml: slices", "neurons 4:5 of hidden are on no neurocore");
  check_refused(with("5:8", "5:7"), "m.yaml: slices", "neurons 7:8 of hidden are on no neurocore");
  check_refused(with("5:8", "5:9"), "m.yaml:4: slices[2].neurons", "no part of the 8 neurons");
  check_refused(with("5:8", "5:5"), "m.yaml:4: slices[2].neurons", "no part of the 8 neurons");
  for (const char* range :
       {"5", "5-8", ":8", "5:", "5:8:9", "-5:8", "5:-8", "a:b", "0x5:8", " 5:8", "+5:8"}) {
    check_refused(with("5:8", range), "m.yaml:4: slices[2].neurons", "is no range");
  }
  check_refused(with("\"0:8\"", "\"0:6\""), "m.yaml:5: slices[3].neurons", "multiples of 4");
  check_refused(with("neurons: \"5:8\"", "neuron: \"5:8\""), "m.yaml:4: slices[2].neuron",
                "did you mean `neurons`?");
  check_refused(with(", neurons: \"5:8\"", ""), "m.yaml:4: slices[2].neurons", "is missing");
  check_refused(with("{population: readout", "{neurocore: 1, population: readout"),
                "m.yaml:6: slices[4].neurocore", "stands twice");
  check_refused(with("slices:", "slice:"), "m.yaml:1: file", "must begin with `slices:`");
  check_refused("slices: 3\n", "m.yaml:1: slices", "is no list");
  check_refused("slices: [3]\n", "m.yaml:1: slices[0]", "is no map");
  check_refused("slices: []\n", "m.yaml: slices", "neurons 0:6 of input are on no neurocore");
  check_refused(good + "more: 1\n", "m.yaml: file", "nothing else");
  check_refused(with("neurocore: 3", "neurocore: [3]"), "m.yaml:3: slices[1].neurocore", "plain");
}

TEST_CASE("parse_mapping: every capacity has a tight limit that is named when it is passed") {
  const auto check_limit = [](auto set, std::int64_t enough, const std::string& place,
                              const std::string& resource) {
    ChipDescription chip = sample_chip();
    set(chip, enough);
    CHECK_NOTHROW(parsed(good, chip));
    set(chip, enough - 1);
    check_refused(good, place, resource, chip);
  };
  const std::string readout = "m.yaml:6: slices[4].neurocore";
  const std::string attention = "m.yaml:5: slices[3].neurocore";
  check_limit([](auto& chip, auto n) { chip.neurocore.neurons = n; }, 8, attention,
              "neurocore.neurons is 7 neurons");
  check_limit([](auto& chip, auto n) { chip.neurocore.axons_in = n; }, 6 + 8, readout,
              "holds 14 axons, but neurocore.axons_in is 13 axons");
  check_limit([](auto& chip, auto n) { chip.neurocore.synapse_memory_bits = n; }, 8 * 42, readout,
              "neurocore.synapse_memory");
  check_limit([](auto& chip, auto n) { chip.attention.memory_bits = n; }, 2 * 8 * 4 * 4, attention,
              "attention.memory");
}

TEST_CASE("read_mapping: a missing file and a folder are named") {
  for (const char* path : {"/nowhere/mapping.yaml", "/tmp"}) {
    try {
      read_mapping(path, sample_network(), sample_chip(), context);
      FAIL("read");
    } catch (const IoError& error) {
      CHECK(error.path == path);
    }
  }
}

}  // namespace synfire
