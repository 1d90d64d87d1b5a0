// SPDX-License-Identifier: Apache-2.0
#include "topology/faults.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t neurons = 20'000;
constexpr std::int64_t percent = FaultDescription::certain / 100;

/// Input, a LIF population fed by it, a second one behind a residual, a readout: no two alike.
Network layered_network() {
  const auto dense = [](std::uint32_t source, std::uint32_t target, std::size_t count) {
    return Projection{.source = PopulationId{source},
                      .target = PopulationId{target},
                      .weights = std::vector<std::int8_t>(count, 1)};
  };
  return Network(
      2,
      {Population{.name = "input", .size = 1, .model = NeuronModel::input},
       Population{.name = "wide",
                  .size = neurons,
                  .threshold = std::vector<std::int32_t>(neurons, 1),
                  .bias = std::vector<std::int32_t>(neurons, 0)},
       Population{.name = "narrow", .size = 3, .threshold = {1, 1, 1}, .bias = {0, 0, 0}},
       Population{.name = "readout", .size = 2, .model = NeuronModel::readout, .bias = {0, 0}}},
      {dense(0, 1, neurons), dense(1, 2, std::size_t{neurons} * 3), dense(2, 3, 6)});
}

struct Chip {
  Network network = layered_network();
  RouterGraph graph = RouterGraph::mesh(4, 3, 2);
  Mapping mapping;
  ChipDescription description;

  Chip() {
    description.neurocore.axons_in = neurons;
    description.neurocore.synapse_memory_bits = std::int64_t{1} << 20;
    mapping.slices = {{PopulationId{0}, 0, 1, host_core},
                      {PopulationId{1}, 0, neurons / 2, CoreId{3}},
                      {PopulationId{1}, neurons / 2, neurons, CoreId{9}},
                      {PopulationId{2}, 0, 3, CoreId{3}},
                      {PopulationId{3}, 0, 2, CoreId{20}}};
  }
  FaultModel faults(const FaultDescription& faults) const {
    return FaultModel(faults, graph, network, mapping);
  }
};

/// True if `hits` of `trials` is what a rate gives, within five standard deviations.
bool is_binomial(std::int64_t hits, std::int64_t trials, std::int64_t parts_per_billion) {
  const double p = static_cast<double>(parts_per_billion) * 1e-9;
  const double mean = p * static_cast<double>(trials);
  const double deviation = std::sqrt(mean * (1 - p));
  INFO(hits << " hits, expected " << mean << " +- " << deviation);
  return std::abs(static_cast<double>(hits) - mean) <= 5 * deviation;
}

std::vector<bool> drops_of(const FaultModel& faults) {
  std::vector<bool> drops;
  for (std::uint32_t token = 0; token < 20; ++token) {
    for (std::uint32_t step = 0; step < 4; ++step) {
      for (std::uint32_t population = 0; population < 5; ++population) {
        for (std::uint32_t neuron = 0; neuron < 50; ++neuron) {
          for (std::uint32_t core = 0; core < 10; ++core) {
            drops.push_back(
                faults.drops(token, step, PopulationId{population}, neuron, CoreId{core}));
          }
        }
      }
    }
  }
  return drops;
}

std::int64_t count(const FaultModel& faults, PopulationId population, Stuck kind) {
  return std::ranges::count(faults.stuck(population), kind);
}

std::string key_of(const Chip& chip, const FaultDescription& faults) {
  try {
    chip.faults(faults);
  } catch (const ConfigError& error) {
    return error.key_path;
  }
  return "none";
}

/// How the weights of two networks differ.
struct Flips {
  std::int64_t bits = 0;
  std::int64_t weights = 0;
  unsigned mask = 0;  ///< bits that differ anywhere
};

Flips flips_between(const Network& before, const Network& after) {
  Flips flips;
  for (std::size_t i = 0; i < before.projections().size(); ++i) {
    const auto& old_weights = before.projections()[i].weights;
    const auto& new_weights = after.projections()[i].weights;
    for (std::size_t k = 0; k < old_weights.size(); ++k) {
      const auto mask = static_cast<std::uint8_t>(old_weights[k] ^ new_weights[k]);
      flips.bits += std::popcount(mask);
      flips.weights += mask != 0 ? 1 : 0;
      flips.mask |= mask;
    }
  }
  return flips;
}

}  // namespace

TEST_CASE("Rate thresholds are exact: 0 never, 1 in 2 at half of the range, certainty always") {
  const RateThreshold never(0);
  const RateThreshold half(FaultDescription::certain / 2);
  const RateThreshold almost(FaultDescription::certain - 1);
  const RateThreshold certain(FaultDescription::certain);
  const RateThreshold rarest(1);
  constexpr std::uint64_t middle = std::uint64_t{1} << 63U;
  constexpr std::uint64_t last = ~std::uint64_t{0};
  CHECK_FALSE(never.hits(0));
  CHECK(half.hits(middle - 1));
  CHECK_FALSE(half.hits(middle));
  CHECK_FALSE(almost.hits(last));
  CHECK(certain.hits(last));
  CHECK(rarest.hits(18'446'744'072));  // floor(2^64 / 10^9) = 18446744073
  CHECK_FALSE(rarest.hits(18'446'744'073));
}

TEST_CASE("Faults: packets are dropped at the rate asked for") {
  const Chip chip;
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto seed = static_cast<std::int64_t>(base_seed()) + i;
    INFO("SYNFIRE_SEED=" << seed);
    for (const std::int64_t rate : {percent / 10, percent, 30 * percent}) {
      const auto drops = drops_of(chip.faults({.seed = seed, .drop_rate = rate}));
      CHECK(is_binomial(std::ranges::count(drops, true), std::ssize(drops), rate));
    }
  }
}

TEST_CASE("Faults: every part of a packet's key moves the draw") {
  const Chip chip;
  const FaultModel faults = chip.faults({.drop_rate = 50 * percent});
  int token = 0, step = 0, source = 0, neuron = 0, core = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const bool reference = faults.drops(i, 1, PopulationId{2}, 3, CoreId{4});
    token += reference != faults.drops(i + 5000, 1, PopulationId{2}, 3, CoreId{4});
    step += reference != faults.drops(i, 2, PopulationId{2}, 3, CoreId{4});
    source += reference != faults.drops(i, 1, PopulationId{1}, 3, CoreId{4});
    neuron += reference != faults.drops(i, 1, PopulationId{2}, 4, CoreId{4});
    core += reference != faults.drops(i, 1, PopulationId{2}, 3, CoreId{5});
  }
  for (const int changed : {token, step, source, neuron, core}) {
    CHECK(is_binomial(changed, 1000, 50 * percent));
  }
}

TEST_CASE("Faults: no drop at rate 0, no delivery at 100 %") {
  const Chip chip;
  const FaultModel none = chip.faults({});
  CHECK(std::ranges::count(drops_of(none), true) == 0);
  CHECK(std::ranges::count(drops_of(chip.faults({.drop_rate = FaultDescription::certain})),
                           false) == 0);
  CHECK(none.dead_links().empty());
  CHECK(none.dead_cores().empty());
  CHECK(none.stuck(PopulationId{1}).empty());
  CHECK(none.stuck(PopulationId{1}, 7) == Stuck::no);
}

TEST_CASE("Faults: equal seeds draw equal faults, others draw others") {
  const Chip chip;
  const FaultDescription description{.seed = 3,
                                     .drop_rate = percent,
                                     .dead_links = 5,
                                     .dead_cores = 1,
                                     .stuck_silent_rate = percent,
                                     .stuck_firing_rate = percent};
  const FaultModel first = chip.faults(description);
  const FaultModel second = chip.faults(description);
  CHECK(drops_of(first) == drops_of(second));
  CHECK(std::ranges::equal(first.dead_links(), second.dead_links()));
  CHECK(std::ranges::equal(first.dead_cores(), second.dead_cores()));
  CHECK(std::ranges::equal(first.stuck(PopulationId{1}), second.stuck(PopulationId{1})));
  FaultDescription other = description;
  other.seed = 4;
  CHECK(drops_of(chip.faults(other)) != drops_of(first));
  CHECK_FALSE(
      std::ranges::equal(chip.faults(other).stuck(PopulationId{1}), first.stuck(PopulationId{1})));
}

TEST_CASE("Faults: a higher rate drops all that a lower one drops") {
  const Chip chip;
  const auto few = drops_of(chip.faults({.drop_rate = percent}));
  const auto many = drops_of(chip.faults({.drop_rate = 10 * percent}));
  for (std::size_t i = 0; i < few.size(); ++i) CHECK_FALSE((few[i] && !many[i]));
}

TEST_CASE("Faults: dead links lie between routers, are distinct, and as many as asked for") {
  const Chip chip;
  const auto links = static_cast<std::int64_t>(chip.graph.router_links().size());
  std::set<LinkId> ever;
  for (std::int64_t seed = 1; seed <= 60; ++seed) {
    const FaultModel faults = chip.faults({.seed = seed, .dead_links = 4});
    const std::set<LinkId> dead(faults.dead_links().begin(), faults.dead_links().end());
    REQUIRE(dead.size() == 4);
    for (const LinkId link : dead) CHECK(index(link) < links);
    ever.insert(dead.begin(), dead.end());
    CHECK(std::ranges::is_sorted(faults.dead_links()));
  }
  CHECK(std::ssize(ever) == links);  // every link is hit by some seed
  CHECK(std::ssize(chip.faults({.dead_links = links}).dead_links()) == links);
}

TEST_CASE("Faults: dead cores are among those that hold neurons; the host never dies") {
  const Chip chip;
  std::set<CoreId> ever;
  for (std::int64_t seed = 1; seed <= 40; ++seed) {
    const FaultModel faults = chip.faults({.seed = seed, .dead_cores = 2});
    REQUIRE(faults.dead_cores().size() == 2);
    ever.insert(faults.dead_cores().begin(), faults.dead_cores().end());
    CHECK_FALSE(faults.is_dead(host_core));
    CHECK(faults.is_dead(faults.dead_cores()[0]));
  }
  CHECK(ever == std::set<CoreId>{CoreId{3}, CoreId{9}, CoreId{20}});
}

TEST_CASE("Faults: stuck neurons are spiking ones, at both rates, never silent and firing") {
  const Chip chip;
  for (std::int64_t i = 0; i < 3; ++i) {
    const auto seed = static_cast<std::int64_t>(base_seed()) + i;
    INFO("SYNFIRE_SEED=" << seed);
    const FaultModel faults = chip.faults(
        {.seed = seed, .stuck_silent_rate = 3 * percent, .stuck_firing_rate = 10 * percent});
    CHECK(is_binomial(count(faults, PopulationId{1}, Stuck::silent), neurons, 3 * percent));
    CHECK(is_binomial(count(faults, PopulationId{1}, Stuck::firing), neurons, 10 * percent));
    CHECK(faults.stuck(PopulationId{0}).empty());
    CHECK(faults.stuck(PopulationId{3}).empty());
  }
  const FaultModel all =
      chip.faults({.stuck_silent_rate = 60 * percent, .stuck_firing_rate = 40 * percent});
  CHECK(count(all, PopulationId{1}, Stuck::no) == 0);
  const FaultModel firing = chip.faults({.stuck_firing_rate = FaultDescription::certain});
  CHECK(count(firing, PopulationId{2}, Stuck::firing) == 3);
  const FaultModel silent = chip.faults({.stuck_silent_rate = FaultDescription::certain});
  CHECK(count(silent, PopulationId{1}, Stuck::silent) == neurons);
}

TEST_CASE("Faults: one kind does not move another") {
  const Chip chip;
  const FaultModel alone = chip.faults({.drop_rate = percent, .dead_links = 3});
  const FaultModel together = chip.faults({.drop_rate = percent,
                                           .dead_links = 3,
                                           .dead_cores = 2,
                                           .stuck_silent_rate = percent,
                                           .stuck_firing_rate = percent,
                                           .bit_flip_rate = percent});
  CHECK(drops_of(alone) == drops_of(together));
  CHECK(std::ranges::equal(alone.dead_links(), together.dead_links()));
}

TEST_CASE("Faults: more dead parts than there are, or rates beyond certainty, are refused") {
  const Chip chip;
  const auto links = static_cast<std::int64_t>(chip.graph.router_links().size());
  CHECK(key_of(chip, {.dead_links = links + 1}) == "faults.dead_links");
  CHECK(key_of(chip, {.dead_cores = 3}) == "none");
  CHECK(key_of(chip, {.dead_cores = 4}) == "faults.dead_cores");
  CHECK(key_of(chip, {.stuck_silent_rate = 60 * percent, .stuck_firing_rate = 41 * percent}) ==
        "faults.stuck_firing_rate");
  CHECK_THROWS_WITH(chip.faults({.dead_links = links + 1}),
                    Catch::Contains(std::to_string(links) + " or fewer"));
}

TEST_CASE("Bit flips: as many as the rate asks for, reported by projection, the same each time") {
  Chip chip;
  for (std::int64_t i = 0; i < 3; ++i) {
    chip.description.faults = {.seed = static_cast<std::int64_t>(base_seed()) + i,
                               .bit_flip_rate = percent};
    INFO("SYNFIRE_SEED=" << chip.description.faults.seed);
    FlipReport report;
    const Network faulty = with_bit_flips(chip.network, chip.description, 8, report);
    const Flips flips = flips_between(chip.network, faulty);
    CHECK(flips.bits == report.total());
    CHECK(is_binomial(report.bits_per_projection[0], std::int64_t{neurons} * 8, percent));
    CHECK(is_binomial(report.bits_per_projection[1], std::int64_t{neurons} * 24, percent));
    FlipReport again;
    const Network twin = with_bit_flips(chip.network, chip.description, 8, again);
    CHECK(again.bits_per_projection == report.bits_per_projection);
    CHECK(flips_between(faulty, twin).bits == 0);
  }
}

TEST_CASE("Bit flips: none at rate 0, all at 100 %") {
  Chip chip;
  FlipReport report;
  CHECK(
      flips_between(chip.network, with_bit_flips(chip.network, chip.description, 8, report)).bits ==
      0);
  CHECK(report.total() == 0);
  chip.description.faults.bit_flip_rate = FaultDescription::certain;
  const Network inverted = with_bit_flips(chip.network, chip.description, 8, report);
  for (const Projection& projection : inverted.projections()) {
    for (const std::int8_t weight : projection.weights) REQUIRE(weight == ~1);
  }
}

TEST_CASE("Bit flips: only the bits of the chip's weights are flipped, and the sign is extended") {
  Chip chip;
  chip.description.format.weight_bits = 3;
  chip.description.faults.bit_flip_rate = 20 * percent;
  FlipReport report;
  const Network faulty = with_bit_flips(chip.network, chip.description, 8, report);
  std::set<int> seen;
  for (const Projection& projection : faulty.projections()) {
    for (const std::int8_t weight : projection.weights) seen.insert(weight);
  }
  CHECK(seen == std::set<int>{-4, -3, -2, -1, 0, 1, 2, 3});
  CHECK(is_binomial(report.total(), (std::int64_t{neurons} * 4 + 6) * 3, 20 * percent));
}

TEST_CASE("Bit flips: sums that would pass the chip's accumulators are refused with a remedy") {
  Chip chip;
  chip.description.format.accumulator_bits = 17;  // 20,000 weights of 1 fit, not of 100
  chip.description.faults.bit_flip_rate = 10 * percent;
  FlipReport report;
  try {
    with_bit_flips(chip.network, chip.description, 8, report);
    FAIL("accepted");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == "faults.bit_flip_rate");
    CHECK_THAT(error.what(), Catch::Contains("lower the rate"));
  }
}

}  // namespace synfire::test
