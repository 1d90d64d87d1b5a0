// SPDX-License-Identifier: Apache-2.0
#include "topology/chip.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip_parameters.hpp"
#include "topology/chip_presets.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {
namespace {

std::string ideal_yaml() {
  return to_yaml(load_chip("ideal"));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t place = text.find(what);
  REQUIRE(place != std::string::npos);
  return text.replace(place, what.size(), by);
}

ConfigError refusal(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  try {
    parse_chip(yaml, "f.yaml", overrides);
  } catch (const ConfigError& error) {
    return error;
  }
  return {"", "accepted"};
}

const NumberOrigin& origin_of(const ChipDescription& chip, const std::string& key_path) {
  return *std::ranges::find(chip.origins, key_path, &NumberOrigin::key_path);
}

/// Keys that say how a chip is used or tried, not what it is.
bool is_setting(const std::string& key_path) {
  return key_path.starts_with("board.") || key_path.starts_with("faults.") ||
         key_path.starts_with("operating_point.") || key_path == "grid.arity" ||
         key_path == "routing.deadlock_check";
}

/// Parameters with neither a source nor a reason, with both, or with a default that is no setting.
std::vector<std::string> without_origin(const ChipDescription& chip) {
  std::vector<std::string> keys;
  for (const NumberOrigin& origin : chip.origins) {
    const bool is_told = origin.source.empty() != origin.assumed.empty();
    if (!is_told || (origin.source == default_source && !is_setting(origin.key_path))) {
      keys.push_back(origin.key_path);
    }
  }
  return keys;
}

}  // namespace

TEST_CASE("load_chip: loihi-like holds the published figures") {
  const ChipDescription chip = load_chip("loihi-like");
  CHECK(chip.name == "loihi-like");
  CHECK(chip.grid == GridDescription{TopologyKind::mesh, 8, 4, 4, 4, {}, {}});
  CHECK(chip.horizontal.latency == picoseconds(4'100));
  CHECK(chip.vertical.latency == picoseconds(6'500));
  CHECK(chip.neurocore.synapse_memory_bits == 128 * 1024 * 8);
  CHECK(chip.neurocore.update_latency == picoseconds(9'700));
  CHECK(chip.synchronisation.kind == Synchronisation::dataflow);
  const auto energy = [&](Action action) {
    return chip.energy[static_cast<std::size_t>(action)].in_attojoules();
  };
  CHECK(energy(Action::synaptic_operation) == 35'500'000);
  CHECK(energy(Action::neuron_access) == 51'200'000);
  CHECK(energy(Action::neuron_update) == 21'600'000);
  CHECK(energy(Action::spike_out) == 69'300'000);
  CHECK(energy(Action::axon_out) == 111'000'000);
  CHECK(energy(Action::hop_horizontal) == 3'000'000);
  CHECK(energy(Action::hop_vertical) == 4'200'000);
}

TEST_CASE("load_chip: loihi2-like is loihi-like at the speed that Intel states") {
  const ChipDescription one = load_chip("loihi-like");
  const ChipDescription two = load_chip("loihi2-like");
  CHECK(two.grid == one.grid);
  CHECK(two.neurocore.neurons == 8192);
  CHECK(two.neurocore.synapse_memory_bits == one.neurocore.synapse_memory_bits);
  CHECK(two.neurocore.update_latency * 2 == one.neurocore.update_latency);
  CHECK(two.neurocore.accumulate_latency * 5 == one.neurocore.accumulate_latency);
  CHECK(two.neurocore.spike_out_latency * 10 == one.neurocore.spike_out_latency);
  CHECK(two.synchronisation.barrier_latency == picoseconds(200'000));
  CHECK(two.energy == one.energy);
}

TEST_CASE("load_chip: every preset says for every parameter where it comes from") {
  CHECK(chip_preset_names() == std::vector<std::string>{"loihi-like", "loihi2-like",
                                                        "truenorth-like", "horowitz-45nm",
                                                        "digital-22nm", "ideal"});
  for (const std::string& name : chip_preset_names()) {
    const ChipDescription chip = load_chip(name);
    INFO(name);
    CHECK(chip.name == name);
    CHECK_FALSE(chip.description.empty());
    REQUIRE(chip.origins.size() == chip_parameters().size());
    CHECK(without_origin(chip) == std::vector<std::string>{});
  }
}

TEST_CASE("load_chip: a number of a preset that lost its source, reason or unit would be noticed") {
  for (const ChipPreset& preset : chip_presets()) {
    const std::vector<WrittenValue> values = read_yaml_values(std::string(preset.yaml), "f.yaml");
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& key = values[i].key_path;
      if (key == "name" || key == "description") continue;
      INFO(preset.name << ": " << key);
      // One tile: the routes of a large chip are checked at every reading.
      const std::vector<std::string> one_tile = {"grid.width=1", "grid.height=1"};
      const auto overrides = key.starts_with("grid.") ? std::vector<std::string>{} : one_tile;
      std::vector<WrittenValue> bare = values;
      bare[i].source = bare[i].assumed = "";
      CHECK(without_origin(parse_chip(write_yaml_values(bare), "f.yaml", overrides)) ==
            std::vector<std::string>{key});
      const std::string::size_type unit = values[i].value.find(' ');
      if (unit == std::string::npos) continue;  // a choice, or `unlimited`
      bare[i].value.resize(unit);
      CHECK(refusal(write_yaml_values(bare), overrides).key_path == key);
    }
  }
}

TEST_CASE("load_chip: an unknown name lists the presets") {
  CHECK_THROWS_WITH(
      load_chip("loihi-lke"),
      Catch::Contains("did you mean `loihi-like`") &&
          Catch::Contains(
              "loihi-like, loihi2-like, truenorth-like, horowitz-45nm, digital-22nm, ideal"));
  CHECK_THROWS_AS(load_chip("no/such/chip.yaml"), IoError);
  CHECK_THROWS_AS(load_chip("/"), IoError);
}

TEST_CASE("parse_chip: an unknown key is refused with its line and the nearest key") {
  const ConfigError error =
      refusal(replaced(std::string(chip_presets().back().yaml), "  width:", "  widht:"));
  CHECK(error.key_path == "grid.widht");
  CHECK(std::string(error.what()) ==
        "f.yaml:7: grid.widht: unknown key; did you mean `grid.width`?");
}

TEST_CASE("parse_chip: missing, empty and ill-typed values are refused with their key path") {
  const std::string yaml = ideal_yaml();
  const auto key_after = [&](const std::string& what, const std::string& by) {
    return refusal(replaced(yaml, what, by)).key_path;
  };
  CHECK(key_after("  spike_out_latency: {value: 1 ns, assumed: round number}\n", "") ==
        "neurocore.spike_out_latency");
  CHECK(key_after("{value: 8 tiles, assumed: as loihi-like}", "\"\"") == "grid.width");
  CHECK(key_after("{value: 8 tiles, assumed: as loihi-like}", "8") == "grid.width");
  CHECK(key_after("{value: 8 tiles, assumed: as loihi-like}", "[8 tiles]") == "grid.width");
  CHECK(key_after("{value: 8 tiles, assumed: as loihi-like}", "0 tiles") == "grid.width");
  CHECK(key_after("{value: 8 tiles, assumed", "{value: 8 tiles, source: x, assumed") ==
        "grid.width");
  CHECK(key_after("name: ideal\n", "") == "name");
  CHECK(key_after("grid:\n", "host: 3 ns\ngrid:\n") == "host");
  CHECK(key_after("{value: state", "{value: stat") == "attention.realisation");
}

TEST_CASE("parse_chip: what has a default may be left out, and says so") {
  const std::string yaml =
      replaced(ideal_yaml(), "  kind: {value: dataflow, assumed: barrier can be chosen}\n", "");
  const ChipDescription chip = parse_chip(yaml, "f.yaml");
  CHECK(chip.synchronisation.kind == Synchronisation::dataflow);
  CHECK(origin_of(chip, "synchronisation.kind").source == default_source);
}

TEST_CASE("parse_chip: overrides win and are marked as set on the command line") {
  const std::vector<std::string> overrides = {"grid.width=16", "neurocore.neurons=64 neurons",
                                              "attention.realisation=score",
                                              "energy.hop_vertical=0.5 pJ", "grid.width=12"};
  const ChipDescription chip = load_chip("loihi-like", overrides);
  CHECK(chip.grid.width == 12);
  CHECK(chip.neurocore.neurons == 64);
  CHECK(chip.attention.realisation == AttentionRealisation::score);
  CHECK(chip.energy[static_cast<std::size_t>(Action::hop_vertical)] == Energy::attojoules(500'000));
  CHECK(origin_of(chip, "grid.width").source == override_source);
  CHECK(origin_of(chip, "grid.width").value == "12 tiles");
}

TEST_CASE("parse_chip: a wrong override is refused with its key path") {
  const auto override_error = [](const std::string& text) { return refusal(ideal_yaml(), {text}); };
  CHECK(override_error("grid.widht=3").key_path == "grid.widht");
  CHECK_THAT(override_error("grid.widht=3").what(), Catch::Contains("`grid.width`"));
  CHECK_THAT(override_error("grid=3").what(), Catch::Contains("is a section"));
  CHECK_THAT(override_error("grid.width").what(), Catch::Contains("has no value"));
  CHECK(override_error("host.latency=3").key_path == "host.latency");
  CHECK(override_error("grid.width=-1").key_path == "grid.width");
  CHECK(override_error("").key_path.empty());
}

TEST_CASE("parse_chip: zero bandwidth, empty buffers and rates above 100 % are refused") {
  const auto fact = [](const std::string& text) {
    return std::string(refusal(ideal_yaml(), {text}).what());
  };
  CHECK_THAT(fact("link.board.bandwidth=0 Gb/s"), Catch::Contains("write unlimited"));
  CHECK_THAT(fact("flow_control.buffer_depth=0"), Catch::Contains("give 1 packet to"));
  CHECK_THAT(fact("neurocore.input_queue=0"), Catch::Contains("give 1 packet to"));
  CHECK_THAT(fact("faults.drop_rate=101 %"), Catch::Contains("give 0 ppb to 100 %"));
  CHECK_THAT(fact("faults.drop_rate=0.1"), Catch::Contains("has no unit"));
  CHECK_THAT(fact("faults.seed=-1"), Catch::EndsWith("give 0 to 16777216"));
  CHECK_THAT(fact("faults.seed=1.5"), Catch::Contains("is not a whole number;"));
  CHECK_THAT(fact("faults.seed=2 ns"), Catch::EndsWith("write it as a plain number"));
  CHECK_THAT(fact("faults.seed=x"), Catch::EndsWith("is no decimal number; write it like `4`"));
  CHECK_THAT(fact("grid.topology=toros"), Catch::Contains("did you mean `torus`"));
}

TEST_CASE("parse_chip: routes that can deadlock or do not exist name the line to change") {
  const std::vector<std::string> torus = {"grid.topology=torus", "flow_control.kind=credit"};
  const ConfigError deadlock = refusal(ideal_yaml(), torus);
  CHECK(deadlock.key_path == "routing.virtual_channels");
  CHECK_THAT(deadlock.what(),
             Catch::StartsWith("f.yaml:") && Catch::Contains("wait for each other for ever"));
  CHECK_NOTHROW(
      parse_chip(ideal_yaml(), "f.yaml",
                 std::vector<std::string>{torus[0], torus[1], "routing.virtual_channels=2"}));
  CHECK_NOTHROW(
      parse_chip(ideal_yaml(), "f.yaml",
                 std::vector<std::string>{torus[0], torus[1], "routing.deadlock_check=off"}));
  const ConfigError ring = refusal(ideal_yaml(), {"grid.topology=ring"});
  CHECK(ring.key_path == "routing.kind");
  CHECK_THAT(ring.what(), Catch::Contains("shortest_path"));
}

TEST_CASE("parse_chip: a GraphML file is found beside the chip file and kept with the chip") {
  const test::TemporaryFolder folder;
  const std::string graphml =
      "<graphml><graph edgedefault=\"undirected\"><node id=\"a\"/><node id=\"b\"/>"
      "<edge source=\"a\" target=\"b\"/></graph></graphml>";
  std::ofstream(folder / "g.graphml") << graphml;
  const std::string yaml = replaced(replaced(ideal_yaml(), "topology: {value: mesh",
                                             "graph: g.graphml\n  topology: {value: graphml"),
                                    "  kind: {value: xy", "  kind: {value: shortest_path");
  std::ofstream(folder / "chip.yaml") << yaml;
  const ChipDescription chip = read_chip(folder / "chip.yaml");
  CHECK(chip.grid.graphml == graphml);
  CHECK(parse_chip(to_yaml(chip), "again", {}, {.folder = {}, .graphml = graphml}) == chip);
  const ConfigError missing = refusal(replaced(yaml, "g.graphml", "h.graphml"));
  CHECK(missing.key_path == "grid.graph");
  CHECK_THAT(missing.what(), Catch::StartsWith("f.yaml:") && Catch::Contains("h.graphml"));
  CHECK_THAT(refusal(replaced(yaml, "  graph: g.graphml\n", "")).what(),
             Catch::Contains("name a GraphML file"));
  CHECK_THAT(refusal(replaced(ideal_yaml(), "grid:\n", "grid:\n  graph: g.graphml\n")).what(),
             Catch::Contains("has no effect"));
}

TEST_CASE("parse_chip: a chip of more neurocores than ids is refused") {
  const std::vector<std::string> within = {"grid.width=1024", "grid.height=1024",
                                           "grid.cores_per_tile=1"};
  const std::vector<std::string> beyond = {"grid.width=1024", "grid.height=1024",
                                           "grid.cores_per_tile=2"};
  CHECK_NOTHROW(load_chip("ideal", within));
  CHECK_THROWS_AS(load_chip("ideal", beyond), ConfigError);
}

TEST_CASE("to_yaml: reading it back gives an equal chip") {
  const std::vector<std::string> overrides = {"grid.width=3", "host.bandwidth=unlimited",
                                              "synchronisation.kind=barrier"};
  for (const std::string& name : chip_preset_names()) {
    const ChipDescription chip = load_chip(name, overrides);
    CHECK(parse_chip(to_yaml(chip), "again") == chip);
  }
}

TEST_CASE("to_yaml: a number changed by a program loses the source it no longer has") {
  ChipDescription chip = load_chip("loihi-like");
  chip.neurocore.neurons = 256;
  const ChipDescription again = parse_chip(to_yaml(chip), "again");
  CHECK(again.neurocore.neurons == 256);
  CHECK(origin_of(again, "neurocore.neurons").source.empty());
  CHECK_FALSE(origin_of(again, "neurocore.axons_in").source.empty());
}

TEST_CASE("load_chip: a neurocore needs at least a picosecond for each thing it does") {
  for (const std::string key :
       {"accumulate_latency", "update_latency", "spike_out_latency", "axon_out_latency"}) {
    const std::vector<std::string> shortest{"neurocore." + key + "=1 ps"};
    CHECK_NOTHROW(load_chip("ideal", shortest));
    const std::vector<std::string> none{"neurocore." + key + "=0 ps"};
    CHECK_THROWS_AS(load_chip("ideal", none), ConfigError);
  }
}

TEST_CASE("read_chip: reads a file and names it in messages") {
  const test::TemporaryFolder folder;
  const auto file = folder / "chip.yaml";
  std::ofstream(file) << ideal_yaml();
  CHECK(read_chip(file).grid.width == 8);
  std::ofstream(file) << "grid: {width: 8 tiles}\n";
  CHECK_THROWS_WITH(read_chip(file), Catch::StartsWith(file.string() + ": "));
}

TEST_CASE("chip_reference: one line for every parameter") {
  const std::string reference = chip_reference();
  CHECK(std::ranges::count(reference, '\n') == static_cast<long>(chip_parameters().size()));
  CHECK_THAT(reference, Catch::Contains("energy.host_bit: energy, 0 aJ to 1 mJ. "));
  for (const auto& parameter : chip_parameters()) CHECK_FALSE(parameter.sentence.empty());
}

}  // namespace synfire
