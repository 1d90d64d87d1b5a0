// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_definition.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "topology/chip.hpp"

namespace synfire::test {
namespace {

SweepAxis axis(const std::string& key, const std::string& value) {
  return parse_axis({"parameters." + key, value, "", "", "s.yaml:7"}, key);
}

bool holds(const std::string& constraint) {
  return SweepConstraint({"constraints.c", constraint, "", "", "s.yaml:9"})
      .holds(load_chip("loihi-like"));
}

/// What is thrown for a file, with key path and message.
void check_refused(const std::string& yaml, const std::string& key_path, const std::string& words) {
  INFO(yaml);
  try {
    parse_sweep(yaml, "s.yaml");
    FAIL("nothing was refused");
  } catch (const ConfigError& error) {
    CHECK(error.key_path == key_path);
    INFO(error.what());
    CHECK(std::string(error.what()).find(words) != std::string::npos);
  }
}

const std::string some = "parameters: {neurocore: {neurons: 64}}\n";

}  // namespace

TEST_CASE("Sweep axis: values, steps and ranges, in base units") {
  CHECK(axis("neurocore.neurons", "64, 128 neurons, 1024").values ==
        std::vector<std::int64_t>{64, 128, 1024});
  CHECK(axis("multicast.kind", "tree, unicast").values == std::vector<std::int64_t>{1, 0});
  CHECK(axis("grid.width", "4 .. 17 step 4").values == std::vector<std::int64_t>{4, 8, 12, 16});
  CHECK(axis("grid.width", "4 .. 16 step 4 tiles").values ==
        std::vector<std::int64_t>{4, 8, 12, 16});
  CHECK(axis("neurocore.neurons", "64 .. 1024 times 4").values ==
        std::vector<std::int64_t>{64, 256, 1024});
  CHECK(axis("neurocore.neurons", "64 .. 1000 times 4").values ==
        std::vector<std::int64_t>{64, 256});
  const SweepAxis time = axis("link.horizontal.latency", "1 ns .. 10 ns log");
  CHECK(time.low == 1000);
  CHECK(time.high == 10'000);
  CHECK(time.is_logarithmic);
  CHECK_FALSE(time.is_listed());
  CHECK_FALSE(axis("link.horizontal.latency", "1 ns .. 10 ns").is_logarithmic);
}

TEST_CASE("Sweep axis: places from 0 to below 1 reach every value and none outside") {
  const SweepAxis list = axis("neurocore.neurons", "64, 128, 256");
  CHECK(list.at(0) == 64);
  CHECK(list.at(0.34) == 128);
  CHECK(list.at(0.9999) == 256);
  const SweepAxis range = axis("grid.width", "3 .. 6");
  CHECK(range.at(0) == 3);
  CHECK(range.at(0.2499) == 3);
  CHECK(range.at(0.25) == 4);
  CHECK(range.at(0.9999) == 6);
  const SweepAxis logarithmic = axis("link.horizontal.latency", "1 ns .. 100 ns log");
  CHECK(logarithmic.at(0) == 1000);
  CHECK(logarithmic.at(0.5) == 10'000);
  CHECK(logarithmic.at(1 - 1e-12) == 100'000);
}

TEST_CASE("Sweep constraint: sums of products of key paths and numbers with units") {
  // loihi-like: 8 x 4 tiles of 4 neurocores, 1024 neurons and 128 KiB each.
  CHECK(holds("grid.width * grid.height == 32"));
  CHECK(holds("grid.width*grid.height*grid.cores_per_tile*neurocore.neurons<=131072"));
  CHECK_FALSE(holds("grid.width * grid.height * grid.cores_per_tile * neurocore.neurons < 131072"));
  CHECK(holds("neurocore.synapse_memory * 128 >= 16 MiB"));
  CHECK_FALSE(holds("neurocore.synapse_memory * 128 > 16MiB"));
  CHECK(holds("2 * (grid.width + grid.height) - 4 == 20"));
  CHECK(holds("link.vertical.latency != 6.4 ns"));
  CHECK(holds("link.vertical.latency == 6.5 ns"));
  CHECK(holds("grid.width - grid.height - 1 == 3"));
}

TEST_CASE("Sweep file: everything that is stated is read, what is not has a default") {
  const SweepDefinition plain = parse_sweep(some, "s.yaml");
  CHECK(plain.chip == "loihi-like");
  CHECK(plain.method == SamplingMethod::grid);
  REQUIRE(plain.workloads.size() == 1);
  CHECK(plain.workloads.front().tokens == 16);
  CHECK(plain.objectives == std::vector<std::size_t>{0, 1});
  CHECK(plain.narrowing.rounds == 0);
  const SweepDefinition whole = parse_sweep(
      "name: all\ndescription: of it\nchip: ideal\nplacement: greedy\nmethod: sobol\npoints: 12\n"
      "seed: 9\nparameters: {grid: {width: 2 .. 8}, multicast: {kind: tree}}\n"
      "constraints: {c: grid.width >= 1}\n"
      "workloads:\n  a: {prompt: whale, tokens: 3}\n"
      "  b: {model: m.h5, temperature: 0.5, seed: 2}\n"
      "objectives: area_proxy, utilisation\nnarrowing: {rounds: 2, points: 5}\n",
      "s.yaml");
  CHECK(whole.method == SamplingMethod::sobol);
  CHECK(whole.points == 12);
  CHECK(whole.axes.size() == 2);
  CHECK(whole.constraints.size() == 1);
  REQUIRE(whole.workloads.size() == 2);
  CHECK(whole.workloads[0].prompt == "whale");
  CHECK(whole.workloads[1].model == "m.h5");
  CHECK(whole.objectives == std::vector<std::size_t>{3, 4});
  CHECK(whole.narrowing.points == 5);
}

TEST_CASE("Sweep file: mistakes are refused with line, key path and remedy") {
  check_refused("parameters:\n  neurocore:\n    neuron: 4\n", "parameters.neurocore.neuron",
                "s.yaml:3: parameters.neurocore.neuron: `neurocore.neuron` is no key path of a "
                "chip file; did you mean `neurocore.neurons`?");
  check_refused("parameters: {neurocore: 4}\n", "parameters.neurocore", "is a section");
  check_refused("parameters: {grid: {width: 8 .. 4}}\n", "parameters.grid.width",
                "s.yaml:1: parameters.grid.width: is an empty range: 8 tiles is above 4 tiles");
  check_refused("parameters: {grid: {width: 4 .. 8}}\n", "parameters.grid.width",
                "a grid needs values");
  check_refused("parameters: {grid: {width: \"4, 4\"}}\n", "parameters.grid.width", "twice");
  check_refused("parameters: {grid: {width: \"4,\"}}\n", "parameters.grid.width", "decimal");
  check_refused("parameters: {grid: {width: 0}}\n", "parameters.grid.width", "out of range");
  check_refused("parameters: {grid: {width: 4 .. 8 times 1}}\n", "parameters.grid.width",
                "no factor");
  check_refused("parameters: {grid: {width: 4 .. 8 step 0}}\n", "parameters.grid.width",
                "out of range");
  check_refused("parameters: {host: {latency: 1 .. 8 ns}}\n", "parameters.host.latency",
                "has no unit");
  check_refused("parameters: {host: {latency: 0 ns .. 8 ns log}}\n", "parameters.host.latency", "");
  check_refused("parameters: {multicast: {kind: unicast .. tree}}\n", "parameters.multicast.kind",
                "is a choice");
  check_refused("parameters: {multicast: {kind: three}}\n", "parameters.multicast.kind",
                "none of unicast, tree");
  check_refused("chip: ideal\n", "parameters", "are missing");
  check_refused(some + "objectives: energy_per_tokn\n", "objectives",
                "there is no objective `energy_per_tokn`; did you mean `energy_per_token`?");
  check_refused(some + "objectives: area_proxy, area_proxy\n", "objectives", "twice");
  check_refused(some + "method: sobal\n", "method", "did you mean `sobol`?");
  check_refused(some + "method: random\n", "points", "is missing");
  check_refused(some + "points: 3\n", "points", "s.yaml:2: points: a grid has");
  check_refused(some + "method: random\npoints: -3\n", "points", "no whole number");
  check_refused(some + "method: random\npoints: 2000000\n", "points", "to 1000000");
  check_refused(some + "metod: random\n", "metod", "did you mean `method`?");
  check_refused(some + "placement: lucky\n", "placement", "s.yaml:2");
  check_refused(some + "narrowing: {rounds: 2}\n", "narrowing.points", "is missing");
  check_refused(some + "narrowing: {round: 2}\n", "narrowing.round", "`rounds`");
  check_refused(some + "workloads: {a: {tokens: some}}\n", "workloads.a.tokens", "s.yaml:2");
  check_refused(some + "workloads: {a: {temperature: hot}}\n", "workloads.a.temperature",
                "from 0 to 100");
  check_refused(some + "workloads: {a: {promt: x}}\n", "workloads.a.promt", "`prompt`");
  check_refused(some + "workloads: {a: x}\n", "workloads.a", "no workload");
  check_refused(some + "chip: {value: ideal, source: me}\n", "chip", "has a source");
  for (const char* text : {"grid.width", "grid.width <=", "<= 4", "grid.width <= 4 5",
                           "(grid.width <= 4", "grid.width <= 4)", "grid.width ** 2 <= 4",
                           "grid.width <= 4 <= 5", "grid.width <= 4..5", "grid.width <= 4 parsec",
                           "grid.widht <= 4", "multicast.kind == tree", "grid.width / 2 <= 4"}) {
    check_refused(some + "constraints: {c: \"" + text + "\"}\n", "constraints.c", "s.yaml:2");
  }
  const std::string deep(5000, '(');
  check_refused(some + "constraints: {c: \"" + deep + "\"}\n", "constraints.c", "longer than");
  check_refused(some + "constraints: {c: \"" + deep.substr(0, 500) + "\"}\n", "constraints.c",
                "too many parentheses");
}

}  // namespace synfire::test
