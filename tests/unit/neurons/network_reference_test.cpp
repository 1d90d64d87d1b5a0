// SPDX-License-Identifier: Apache-2.0
// What delays, recurrence, resets and recorded input spikes mean, worked out by hand.
#include "neurons/network_reference.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t steps = 4;

Population input() {
  return {.name = "input", .size = 1, .model = NeuronModel::input};
}

Population relay(const char* name, std::int32_t threshold) {
  Population population{.name = name, .size = 1, .model = NeuronModel::integrate_fire};
  population.threshold = {threshold};
  population.bias = {0};
  return population;
}

Projection synapse(std::uint32_t source, std::uint32_t target, std::int8_t weight,
                   std::uint32_t delay) {
  Projection result;
  result.source = PopulationId{source};
  result.target = PopulationId{target};
  result.weights = {weight};
  result.delay = delay;
  return result;
}

/// Steps in which the population's only neuron fired, over presentations of the same input spikes;
/// counted on from presentation to presentation.
std::vector<std::uint32_t> fired(const Network& network, std::uint32_t population,
                                 const std::vector<std::uint32_t>& input_steps,
                                 std::uint32_t presentations = 1) {
  NetworkReference reference(network, presentations);
  std::vector<std::uint32_t> result;
  for (std::uint32_t n = 0; n < presentations; ++n) {
    const SpikeTrain train{input_steps, std::vector<std::uint32_t>(input_steps.size(), 0)};
    CHECK(reference.run_presentation(std::vector{train}).empty());
    for (std::uint32_t step = 0; step < network.time_steps(); ++step) {
      if (!reference.spikes(PopulationId{population}, step).empty()) {
        result.push_back(n * network.time_steps() + step);
      }
    }
  }
  return result;
}

using Steps = std::vector<std::uint32_t>;

std::string refusal(std::vector<Population> populations, std::vector<Projection> projections) {
  try {
    const Network network(steps, std::move(populations), std::move(projections));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("A spike counts for the target as many steps later as the delay says") {
  for (const std::uint32_t delay : {0U, 1U, 2U}) {
    const Network network(steps, {input(), relay("a", 1)}, {synapse(0, 1, 1, delay)});
    CHECK(fired(network, 1, {0}) == Steps{delay});
  }
  const Network twice(steps, {input(), relay("a", 2)}, {synapse(0, 1, 1, 1), synapse(0, 1, 1, 3)});
  CHECK(fired(twice, 1, {0}) == Steps{3});     // the two spikes add up then
  CHECK(fired(twice, 1, {0, 2}) == Steps{3});  // 1 at step 1, 2 at step 3: together 3
}

TEST_CASE("A spike sent late in a presentation counts in the next one") {
  const Network network(steps, {input(), relay("a", 1)}, {synapse(0, 1, 1, 3)});
  CHECK(fired(network, 1, {2}, 2) == Steps{5});
  const Network longer(steps, {input(), relay("a", 1)}, {synapse(0, 1, 1, 9)});
  CHECK(fired(longer, 1, {1}, 4) == Steps{10, 14});
}

TEST_CASE("A neuron that drives itself goes on firing at the pace of the delay") {
  const Network network(steps, {input(), relay("a", 1)},
                        {synapse(0, 1, 1, 0), synapse(1, 1, 1, 3)});
  CHECK(fired(network, 1, {0}, 1) == Steps{0, 3});
  CHECK(fired(network, 1, {}, 3).empty());
  const Network pair(8, {input(), relay("a", 1), relay("b", 1)},
                     {synapse(0, 1, 1, 0), synapse(1, 2, 1, 0), synapse(2, 1, 1, 2)});
  CHECK(fired(pair, 1, {0}) == Steps{0, 2, 4, 6});
  CHECK(fired(pair, 2, {0}) == Steps{0, 2, 4, 6});
}

TEST_CASE("Membranes start from their initial potential, each presentation or once") {
  Population neuron = relay("a", 10);
  neuron.initial_potential = {8};
  const Network each(steps, {input(), neuron}, {synapse(0, 1, 1, 0)});
  CHECK(fired(each, 1, {0, 1}, 2) == Steps{1, 5});
  neuron.resets_each_token = false;
  const Network once(steps, {input(), neuron}, {synapse(0, 1, 1, 0)});
  CHECK(fired(once, 1, {0, 1}, 6) == Steps{1, 21});  // 2 spikes a presentation make 10 in five
  NetworkReference reference(once, 2);
  const std::vector<SpikeTrain> inputs{{{0, 1}, {0, 0}}};
  for (int i = 0; i < 3; ++i) {
    reference.reset();
    reference.run_presentation(inputs);
    CHECK(reference.spikes(PopulationId{1}, 1).size() == 1);
  }
}

TEST_CASE("A leaky membrane, too, starts from its initial potential") {
  Population neuron{.name = "a", .size = 1, .model = NeuronModel::lif};
  neuron.threshold = {10};
  neuron.bias = {0};
  neuron.initial_potential = {20};
  const Network network(steps, {input(), neuron}, {synapse(0, 1, 1, 0)});
  CHECK(fired(network, 1, {}, 2) == Steps{0, 4});
}

TEST_CASE("Only cycles without delay, and payloads that go round, are refused") {
  CHECK(refusal({input(), relay("a", 1)}, {synapse(0, 1, 1, 0), synapse(1, 1, 1, 1)}) ==
        "accepted");
  CHECK_THAT(refusal({input(), relay("a", 1)}, {synapse(0, 1, 1, 0), synapse(1, 1, 1, 0)}),
             Catch::StartsWith("populations.a: lies on a cycle"));
  Population stream{.name = "stream", .size = 1, .model = NeuronModel::residual};
  stream.bias = {0};
  stream.shift = {0};
  Projection payloads = synapse(1, 1, 0, 1);
  payloads.connectivity = Connectivity::one_to_one;
  payloads.port = Port::carry;
  payloads.weights = {};
  CHECK_THAT(refusal({input(), stream}, {synapse(0, 1, 1, 0), payloads}),
             Catch::Contains("of payloads"));
  CHECK_THAT(refusal({input(), relay("a", 1)}, {synapse(0, 1, 1, 1024)}),
             Catch::Contains("outside 0..1023"));
}

TEST_CASE("Initial potentials are given for all neurons of a population or for none") {
  Population neuron = relay("a", 1);
  neuron.initial_potential = {1, 2};
  CHECK_THAT(refusal({input(), neuron}, {synapse(0, 1, 1, 0)}),
             Catch::StartsWith("populations.a.initial_potential: 2 values for 1"));
  Population source = input();
  source.initial_potential = {1};
  CHECK_THAT(refusal({source, relay("a", 1)}, {synapse(0, 1, 1, 0)}),
             Catch::StartsWith("populations.input.initial_potential"));
}

TEST_CASE("Several inputs have spikes of their own, and tokens need exactly one input") {
  Population other = input();
  other.name = "other";
  const Network network(steps, {input(), other, relay("a", 2)},
                        {synapse(0, 2, 1, 0), synapse(1, 2, 1, 0)});
  NetworkReference reference(network, 9);
  reference.run_presentation(std::vector<SpikeTrain>{{{1}, {0}}, {{3}, {0}}});
  for (std::uint32_t step = 0; step < steps; ++step) {
    CHECK(reference.spikes(PopulationId{2}, step).size() == (step == 3 ? 1 : 0));
  }
  CHECK_THROWS_AS(reference.run_presentation(std::vector<SpikeTrain>(1)), ConfigError);
  CHECK_THROWS_AS(reference.run_token(std::vector<std::uint32_t>{0}), ConfigError);
}

}  // namespace synfire
