// SPDX-License-Identifier: Apache-2.0
#include "topology/price_table.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

Energy energy_of(const ChipDescription& chip, Action action) {
  return chip.energy[static_cast<std::size_t>(action)];
}

/// A table read from a file of this text.
PriceTable table_of(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  std::ofstream(folder / "table.yaml") << yaml;
  return load_price_table((folder / "table.yaml").string(), overrides);
}

ConfigError refusal(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  try {
    table_of(yaml, overrides);
  } catch (const ConfigError& error) {
    return error;
  }
  return {"", "accepted"};
}

}  // namespace

TEST_CASE("with_prices: a preset's table changes energies and static power and nothing else") {
  const ChipDescription chip = load_chip("loihi-like");
  for (const std::string& name : chip_preset_names()) {
    const ChipDescription other = load_chip(name);
    ChipDescription priced = with_prices(chip, load_price_table(name));
    CHECK(priced.energy == other.energy);
    CHECK(priced.static_power == other.static_power);
    priced.energy = chip.energy;
    priced.static_power = chip.static_power;
    priced.origins = chip.origins;
    CHECK(priced == chip);
  }
}

TEST_CASE("with_prices: the chip's own table leaves it as it is") {
  const ChipDescription chip = load_chip("digital-22nm");
  CHECK(with_prices(chip, load_price_table("digital-22nm")) == chip);
}

TEST_CASE("load_price_table: a part of a chip file is enough, and the rest stays the chip's") {
  const PriceTable table = table_of(
      "energy:\n  hop_horizontal: {value: 5 pJ, source: \"measured\"}\n"
      "static_power:\n  router: 3 uW\n");
  CHECK(table.prices.size() == 2);
  CHECK(table.other_keys == 0);
  const ChipDescription chip = load_chip("loihi-like");
  const ChipDescription priced = with_prices(chip, table);
  CHECK(energy_of(priced, Action::hop_horizontal) == Energy::attojoules(5'000'000));
  CHECK(energy_of(priced, Action::hop_vertical) == energy_of(chip, Action::hop_vertical));
  CHECK(priced.static_power == StaticPowerDescription{.router_nanowatts = 3'000});
  for (const NumberOrigin& origin : priced.origins) {
    if (origin.key_path == "energy.hop_horizontal") CHECK(origin.source == "measured");
  }
}

TEST_CASE("load_price_table: voltages count, frequencies and timing are left out and counted") {
  const PriceTable table = table_of(
      "operating_point:\n  network_voltage: 50 %\n  network_frequency: 50 %\n"
      "host:\n  latency: 7 ns\nneurocore:\n  neurons: nonsense\n");
  CHECK(table.prices.size() == 1);
  CHECK(table.other_keys == 3);
  const ChipDescription priced = with_prices(load_chip("ideal"), table);
  CHECK(priced.operating_point == OperatingPoint{.network_voltage = OperatingPoint::nominal / 2});
}

TEST_CASE("load_price_table: overrides win over the file") {
  const PriceTable table =
      table_of("energy:\n  axon_in: 5 pJ\n", {"energy.axon_in=6 pJ", "static_power.chip=1 mW"});
  const ChipDescription priced = with_prices(load_chip("ideal"), table);
  CHECK(energy_of(priced, Action::axon_in) == Energy::attojoules(6'000'000));
  CHECK(priced.static_power.chip_nanowatts == 1'000'000);
}

TEST_CASE("load_price_table: mistakes are refused with line and key") {
  const auto fact = [](const std::string& yaml) { return std::string(refusal(yaml).what()); };
  CHECK_THAT(fact("energy:\n  axon_in: -1 pJ\n"),
             Catch::Contains("table.yaml:2: energy.axon_in: `-1 pJ` is out of range"));
  CHECK_THAT(fact("energy:\n  axon_in: 1\n"), Catch::Contains(":2: energy.axon_in: `1` has no"));
  CHECK_THAT(fact("energy:\n  axon_im: 1 pJ\n"), Catch::Contains("did you mean `energy.axon_in`"));
  CHECK_THAT(fact("energy:\n  axon_in: 1.0000001 pJ\n"),
             Catch::Contains("not a whole number of aJ"));
  CHECK_THAT(fact("energy:\n  axon_in: 1 pJ\n  axon_in: 2 pJ\n"), Catch::Contains("stands twice"));
  CHECK_THAT(fact("neurocore:\n  neurons: 5 neurons\n"),
             Catch::Contains("nothing here has a price"));
  CHECK(refusal("energy:\n  axon_in: 1 pJ\n", {"host.latency=3 ns"}).key_path == "host.latency");
  CHECK(refusal("energy:\n  axon_in: 1 pJ\n", {"grid.graph=g.xml"}).key_path == "grid.graph");
  CHECK(refusal("energy:\n  axon_in: 1 pJ\n", {"energy.axon_in"}).key_path == "energy.axon_in");
  CHECK_THROWS_AS(load_price_table("no/such/table.yaml"), IoError);
  CHECK_THROWS_AS(load_price_table("loihi-lik"), ConfigError);
}

}  // namespace synfire::test
