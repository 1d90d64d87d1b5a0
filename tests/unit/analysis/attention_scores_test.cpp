// SPDX-License-Identifier: Apache-2.0
#include "analysis/attention_scores.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace synfire {
namespace {

constexpr PopulationId query{1};
constexpr PopulationId key{2};

/// Two heads of two dimensions, one time step.
Network attention_network() {
  const std::vector<std::int32_t> ones(4, 1);
  const std::vector<std::int32_t> zeros(4, 0);
  const std::vector<std::int8_t> weights(16, 1);
  const auto lif = [&](const char* name) {
    return Population{.name = name, .size = 4, .threshold = ones, .bias = zeros};
  };
  const auto project = [&](std::uint32_t source, std::uint32_t target) {
    return Projection{
        .source = PopulationId{source}, .target = PopulationId{target}, .weights = weights};
  };
  const auto attend = [&](std::uint32_t source, Port port) {
    return Projection{.source = PopulationId{source},
                      .target = PopulationId{4},
                      .port = port,
                      .connectivity = Connectivity::one_to_one};
  };
  return Network(1,
                 {Population{.name = "in", .size = 4, .model = NeuronModel::input}, lif("q"),
                  lif("k"), lif("v"),
                  Population{.name = "attention",
                             .size = 4,
                             .model = NeuronModel::attention,
                             .threshold = ones,
                             .attention = {.heads = 2}}},
                 {project(0, 1), project(0, 2), project(0, 3), attend(1, Port::query),
                  attend(2, Port::key), attend(3, Port::value)});
}

SpikeRecord spike(PopulationId population, std::uint32_t token, std::uint32_t neuron) {
  return {.time = {}, .token = token, .neuron = neuron, .population = population, .step = 0};
}

}  // namespace

TEST_CASE(
    "AttentionScoreCounter: a score counts once per head, for keys of this and older tokens") {
  const Network network = attention_network();
  AttentionScoreCounter counter(network);
  counter.on_spikes(std::vector{spike(key, 0, 0), spike(key, 0, 2), spike(query, 0, 0)});
  counter.on_token(0);
  CHECK(counter.nonzeros() == 1);  // head 0: q0 and k0; head 1 has no query
  counter.on_spikes(std::vector{spike(query, 1, 0), spike(query, 1, 1), spike(query, 1, 2)});
  counter.on_token(1);
  CHECK(counter.nonzeros() == 3);  // both heads meet token 0's keys; token 1 has none
}

TEST_CASE("AttentionScoreCounter: keys of later tokens and of an earlier context do not count") {
  const Network network = attention_network();
  AttentionScoreCounter counter(network);
  counter.on_spikes(std::vector{spike(query, 0, 0), spike(key, 1, 0)});
  counter.on_token(0);
  counter.on_token(1);
  CHECK(counter.nonzeros() == 0);
  counter.clear_context();
  counter.on_spikes(std::vector{spike(query, 2, 0)});
  counter.on_token(2);
  CHECK(counter.nonzeros() == 0);
}

}  // namespace synfire
