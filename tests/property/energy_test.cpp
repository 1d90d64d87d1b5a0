// SPDX-License-Identifier: Apache-2.0
#include "analysis/energy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

std::int64_t sum(const std::vector<NamedEnergy>& parts) {
  std::int64_t total = 0;
  for (const NamedEnergy& part : parts) total += part.energy.in_attojoules();
  return total;
}

template <std::size_t count>
std::int64_t sum(const std::array<Energy, count>& parts) {
  std::int64_t total = 0;
  for (const Energy part : parts) total += part.in_attojoules();
  return total;
}

/// A random decoder, run on a random chip whose every action has a price.
struct PricedRun {
  Model model;
  ChipDescription chip;
  Mapping mapping;
  ChipRun run;

  explicit PricedRun(std::uint64_t seed)
      : model(random_decoder(seed).model),
        chip(random_chip(seed)),
        mapping(random_mapping(seed, model.network, chip)) {
    for (std::size_t i = 0; i < action_kinds; ++i) {
      chip.energy[i] = Energy::attojoules(1'000'003 * static_cast<std::int64_t>(i + 1));
    }
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 4);
    SimulationOptions options;
    options.context = model.text.context;
    run = run_chip(model, chip, mapping, tokens, options);
  }
  EnergyReport report() const { return price(run.totals, model.network, mapping, chip); }
};

}  // namespace

TEST_CASE("I2: energy by action, component, population and layer each add up to the total") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 12; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    const EnergyReport report = PricedRun(seed).report();
    const std::int64_t total = report.dynamic.in_attojoules();
    CHECK(total > 0);
    CHECK(sum(report.by_action) == total);
    CHECK(sum(report.by_component) == total);  // links counted at the links
    CHECK(sum(report.by_population) == total);
    CHECK(sum(report.by_layer) == total);
  }
}

TEST_CASE("I2: a hop that one side did not count breaks the balance of energy") {
  PricedRun priced(base_seed());
  std::size_t link = 0;
  while (link < priced.run.totals.links.size() &&
         priced.run.totals.links[link][Action::hop_horizontal] == 0) {
    ++link;
  }
  if (link == priced.run.totals.links.size()) {
    priced.run.totals.slices.front()[Action::hop_horizontal] += 1;
  } else {
    priced.run.totals.links[link][Action::hop_horizontal] -= 1;
  }
  const EnergyReport report = priced.report();
  CHECK(sum(report.by_component) != report.dynamic.in_attojoules());
}

}  // namespace synfire::test
