// SPDX-License-Identifier: Apache-2.0
#include "neurons/network.hpp"

#include <catch2/catch.hpp>

#include "neurons/bounds.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

Population lif(std::string name, std::uint32_t size) {
  Population population;
  population.name = std::move(name);
  population.size = size;
  population.threshold.assign(size, 1);
  population.bias.assign(size, 0);
  return population;
}

Population input(std::uint32_t size) {
  Population population;
  population.name = "input";
  population.size = size;
  population.model = NeuronModel::input;
  return population;
}

Projection dense(std::uint32_t source, std::uint32_t target, std::size_t weights,
                 std::int8_t weight = 1) {
  Projection projection;
  projection.source = PopulationId{source};
  projection.target = PopulationId{target};
  projection.weights.assign(weights, weight);
  return projection;
}

std::string key_path_of(const std::vector<Population>& populations,
                        const std::vector<Projection>& projections) {
  try {
    const Network network(2, populations, projections);
  } catch (const ConfigError& error) {
    return error.key_path;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("Network: evaluates every population after its sources") {
  const Network network(1, {lif("c", 1), lif("b", 1), input(1)},
                        {dense(1, 0, 1), dense(2, 1, 1), dense(2, 0, 1)});
  const auto order = network.evaluation_order();
  CHECK(std::vector(order.begin(), order.end()) ==
        std::vector{PopulationId{2}, PopulationId{1}, PopulationId{0}});
  CHECK(network.incoming(PopulationId{0}).size() == 2);
  CHECK(network.outgoing(PopulationId{2}).size() == 2);
  CHECK(network.find("b") == PopulationId{1});
  CHECK_FALSE(network.find("d").has_value());
}

TEST_CASE("Network: a weight row is what one spike adds, step by step where weights are so") {
  Projection projection = dense(0, 1, 12);
  projection.per_time_step = true;
  for (std::size_t i = 0; i < 12; ++i) projection.weights.edit()[i] = static_cast<std::int8_t>(i);
  const Network network(2, {input(2), lif("a", 3)}, {projection});
  const auto row = network.weight_row(network.projections()[0], 1, 1);
  CHECK(std::vector(row.begin(), row.end()) == std::vector<std::int8_t>{9, 10, 11});
}

TEST_CASE("Network: refuses what cannot run, and names it") {
  CHECK(key_path_of({input(1), lif("a", 1), lif("a", 1)}, {}) == "populations.a");
  CHECK(key_path_of({input(1), lif("", 1)}, {}) == "populations.");
  CHECK(key_path_of({input(1), lif("a/b", 1)}, {}) == "populations.a/b");
  CHECK(key_path_of({input(1), lif("a", 0)}, {}) == "populations.a.size");
  CHECK(key_path_of({input(2), lif("a", 3)}, {dense(0, 1, 5)}) == "projections.input->a.weights");
  CHECK(key_path_of({input(2), lif("a", 3)}, {dense(0, 7, 5)}) == "projections");
  CHECK(key_path_of({input(1), lif("a", 1)}, {dense(1, 0, 1)}) == "projections.a->input.port");
  CHECK(key_path_of({lif("a", 1), lif("b", 1)}, {dense(0, 1, 1), dense(1, 0, 1)}) ==
        "populations.a");
  CHECK(key_path_of({input(1), lif("a", 1), lif("b", 1)}, {dense(0, 1, 1)}) == "populations.b");
  Population silent = lif("a", 1);
  silent.threshold = {0};
  CHECK(key_path_of({silent}, {}) == "populations.a.threshold");
  silent.threshold = {};
  CHECK(key_path_of({silent}, {}) == "populations.a.threshold");
}

TEST_CASE("Bounds: the worst case of every sum, and a network that could overflow is refused") {
  const Network small(2, {input(3), lif("a", 2)}, {dense(0, 1, 6, -5)});
  const auto bounds = prove_bounds(small, 8);
  CHECK(bounds[1].current == 15);
  CHECK(bounds[1].output == 1);
  Population heavy = lif("a", 1);
  heavy.bias = {2'000'000'000};
  const Network large(1, {input(1), heavy}, {dense(0, 1, 1, 1)});
  CHECK_THROWS_AS(prove_bounds(large, 8), ConfigError);
}

TEST_CASE("Bounds: a delayed spike counts, though its source comes later") {
  Population sum{.name = "sum", .size = 1, .model = NeuronModel::normalization};
  sum.bias = {0};
  sum.shift = {0};
  sum.multiplier = {1000};
  Projection delayed;
  delayed.source = PopulationId{2};
  delayed.target = PopulationId{1};
  delayed.connectivity = Connectivity::one_to_one;
  delayed.delay = 1;
  const Network network(2, {input(1), sum, lif("late", 1)}, {delayed, dense(0, 2, 1, 1)});
  CHECK(prove_bounds(network, 8)[1].current == 1);
  CHECK(prove_bounds(network, 8)[1].output >= 1000);
}

TEST_CASE("Bounds: leaky attention cannot pass the fixed point of its decay") {
  Population attention;
  attention.name = "attention";
  attention.size = 4;
  attention.model = NeuronModel::attention;
  attention.threshold.assign(4, 1);
  attention.attention = {AttentionKind::leaky, 2, {1, 3}, 4};
  std::vector<Projection> projections;
  for (const Port port : {Port::query, Port::key, Port::value}) {
    Projection projection;
    projection.source = PopulationId{0};
    projection.target = PopulationId{1};
    projection.port = port;
    projection.connectivity = Connectivity::one_to_one;
    projections.push_back(projection);
  }
  const Network network(1, {input(4), attention}, projections);
  // S - (S >> 3) + 16 stands still at S >> 3 = 16: at most 135; two rows of it per sum.
  CHECK(prove_bounds(network, 1000)[1].current == 2 * 135);
  CHECK(prove_bounds(network, 2)[1].current == 2 * 32);
}

}  // namespace synfire
