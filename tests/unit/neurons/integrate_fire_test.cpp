// SPDX-License-Identifier: Apache-2.0
#include "neurons/integrate_fire.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "neurons/bounds.hpp"
#include "neurons/network.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

/// One neuron driven by the same current; potentials after each step.
std::vector<std::int32_t> potentials(std::int32_t current, std::int32_t threshold,
                                     bool fires_at_threshold, int steps) {
  std::vector<std::int32_t> membrane{0};
  std::vector<std::int32_t> trace;
  for (int t = 0; t < steps; ++t) {
    std::vector<std::uint32_t> fired;
    update_integrate_fire({{}, {&threshold, 1}, fires_at_threshold}, {&current, 1}, 0, membrane,
                          fired);
    CHECK(fired.empty() == (membrane[0] != 0));
    trace.push_back(membrane[0]);
  }
  return trace;
}

/// input -> one integrate-and-fire neuron with this weight, never reset between tokens.
Network one_synapse(std::int8_t weight, bool resets_each_token) {
  Population input{.name = "input", .size = 1, .model = NeuronModel::input};
  Population neuron{.name = "neuron", .size = 1, .model = NeuronModel::integrate_fire};
  neuron.threshold = {10};
  neuron.bias = {0};
  neuron.resets_each_token = resets_each_token;
  Projection synapse;
  synapse.target = PopulationId{1};
  synapse.weights = {weight};
  return {8, {input, neuron}, {synapse}};
}

}  // namespace

TEST_CASE("Integrate-and-fire: nothing leaks, and a spike leaves 0 whatever is beyond") {
  CHECK(potentials(4, 10, true, 4) == std::vector<std::int32_t>{4, 8, 0, 4});
  CHECK(potentials(5, 10, true, 4) == std::vector<std::int32_t>{5, 0, 5, 0});
  CHECK(potentials(5, 10, false, 4) == std::vector<std::int32_t>{5, 10, 0, 5});
}

TEST_CASE("Integrate-and-fire: below 0 potentials go on falling") {
  CHECK(potentials(-3, 10, true, 3) == std::vector<std::int32_t>{-3, -6, -9});
}

TEST_CASE("Integrate-and-fire: biases, and neurons of more than one block, each by themselves") {
  constexpr std::size_t count = 1300;
  std::vector<std::int32_t> bias(count, 1), threshold(count, 5), current(count, 0), membrane(count);
  for (std::size_t i = 0; i < count; ++i) current[i] = i % 100 == 7 ? 4 : 3;
  std::vector<std::uint32_t> fired;
  update_integrate_fire({bias, threshold, true}, current, 1000, membrane, fired);
  REQUIRE(fired.size() == 13);
  for (std::size_t i = 0; i < fired.size(); ++i) CHECK(fired[i] == 1007 + 100 * i);
  CHECK(membrane[7] == 0);
  CHECK(membrane[8] == 4);
}

TEST_CASE("Integrate-and-fire: the greatest threshold is not passed, whatever the rule") {
  const std::int32_t greatest = std::numeric_limits<std::int32_t>::max();
  CHECK(potentials(7, greatest, false, 2) == std::vector<std::int32_t>{7, 14});
  CHECK(potentials(7, greatest, true, 2) == std::vector<std::int32_t>{7, 14});
}

TEST_CASE("A membrane without leak is bounded by the steps between two resets") {
  const auto state = [](bool resets, std::uint32_t context) {
    return prove_bounds(one_synapse(-100, resets), context)[1].state;
  };
  CHECK(state(true, 1) == 800);
  CHECK(state(true, 1000) == 800);
  CHECK(state(false, 1) == 800);
  CHECK(state(false, 1000) == 800'000);
  CHECK(state(false, 2'684'354) == 2'147'483'200);
  CHECK_THROWS_AS(state(false, 2'684'355), ConfigError);
}

}  // namespace synfire
