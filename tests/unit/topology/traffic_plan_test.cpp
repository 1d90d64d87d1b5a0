// SPDX-License-Identifier: Apache-2.0
#include "topology/traffic_plan.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

Population population(std::string name, std::uint32_t size, NeuronModel model) {
  Population result;
  result.name = std::move(name);
  result.size = size;
  result.model = model;
  if (model == NeuronModel::lif) result.threshold.assign(size, 1);
  if (model != NeuronModel::input) result.bias.assign(size, 0);
  return result;
}

Projection projection(std::uint32_t source, std::uint32_t target, std::size_t weights) {
  Projection result;
  result.source = PopulationId{source};
  result.target = PopulationId{target};
  if (weights == 0) result.connectivity = Connectivity::one_to_one;
  result.weights.assign(weights, 1);
  return result;
}

/// input (4) -> hidden (6), dense -> relay (6), one-to-one -> readout (3), dense
Network sample_network() {
  return {
      1,
      {population("input", 4, NeuronModel::input), population("hidden", 6, NeuronModel::lif),
       population("relay", 6, NeuronModel::lif), population("readout", 3, NeuronModel::readout)},
      {projection(0, 1, 24), projection(1, 2, 0), projection(2, 3, 18)}};
}

constexpr std::uint32_t hidden = 1;  // slices
constexpr std::uint32_t readout = 5;

/// Hidden on core 4; relay in three slices on cores 0, 4 and 8; readout on core 8.
Mapping sample_mapping() {
  Mapping mapping;
  mapping.slices = {{PopulationId{0}, 0, 4, host_core}, {PopulationId{1}, 0, 6, CoreId{4}},
                    {PopulationId{2}, 0, 2, CoreId{0}}, {PopulationId{2}, 2, 3, CoreId{4}},
                    {PopulationId{2}, 3, 6, CoreId{8}}, {PopulationId{3}, 0, 3, CoreId{8}}};
  return mapping;
}

TrafficPlan sample_plan(Multicast multicast) {
  ChipDescription chip = load_chip("ideal");
  chip.grid.width = 3;
  chip.grid.height = 3;
  chip.grid.cores_per_tile = 1;
  chip.multicast = multicast;
  chip.neurocore.synapse_word_bits = 16;
  chip.neurocore.synapse_lanes = 4;
  const RouterGraph graph = build_graph(chip);
  return plan_traffic(sample_network(), sample_mapping(), *make_routing(graph, chip), chip);
}

/// Destinations that a tree reaches.
std::multiset<std::uint32_t> reached(const TrafficPlan& plan, std::uint32_t root) {
  const MulticastNode& node = plan.nodes[root];
  std::multiset<std::uint32_t> all;
  if (node.destination != no_destination) all.insert(node.destination);
  for (std::uint32_t i = 0; i < node.child_count; ++i)
    all.merge(reached(plan, node.first_child + i));
  return all;
}

std::multiset<std::uint32_t> reached(const TrafficPlan& plan, const TreeRoots& roots) {
  std::multiset<std::uint32_t> all;
  for (const std::uint32_t root : roots) all.merge(reached(plan, root));
  return all;
}

using Set = std::multiset<std::uint32_t>;

}  // namespace

TEST_CASE(
    "A dense slice has one pattern, a one-to-one slice one for each neurocore that it feeds") {
  for (const Multicast multicast : {Multicast::unicast, Multicast::tree}) {
    const TrafficPlan plan = sample_plan(multicast);
    CHECK(plan.slices[0].patterns.size() == 1);
    const auto& traffic = plan.slices[hidden];
    CHECK(traffic.pattern_of == std::vector<std::uint32_t>{0, 0, 1, 2, 2, 2});
    REQUIRE(traffic.patterns.size() == 3);
    CHECK(reached(plan, traffic.patterns[0]) == Set{0});
    CHECK(reached(plan, traffic.patterns[1]) == Set{1});
    CHECK(reached(plan, traffic.patterns[2]) == Set{2});
  }
}

TEST_CASE(
    "An end of step goes to all destinations: in one packet by tree, in one each by unicast") {
  for (const Multicast multicast : {Multicast::unicast, Multicast::tree}) {
    const TrafficPlan plan = sample_plan(multicast);
    const auto& traffic = plan.slices[hidden];
    CHECK(reached(plan, traffic.end_of_step) == Set{0, 1, 2});
    CHECK(traffic.end_of_token == traffic.end_of_step);
    CHECK(traffic.end_of_step.size() == (multicast == Multicast::tree ? 1 : 3));
  }
}

TEST_CASE("The host hears of the ends of tokens only, and takes every logit") {
  const TrafficPlan plan = sample_plan(Multicast::tree);
  const auto& traffic = plan.slices[readout];
  REQUIRE(traffic.destinations.size() == 1);
  CHECK(traffic.end_of_step.empty());
  CHECK(reached(plan, traffic.end_of_token) == Set{0});
  CHECK(traffic.patterns == std::vector<TreeRoots>{traffic.end_of_token});
}

TEST_CASE("A destination on the sender's own neurocore is reached without a link") {
  const TrafficPlan plan = sample_plan(Multicast::unicast);
  const MulticastNode& root = plan.nodes[plan.slices[hidden].patterns[1].front()];
  CHECK(root.child_count == 0);
  CHECK(root.destination == 1);
  CHECK(root.zero_load == std::array<Duration, packet_sizes>{});
}

TEST_CASE("A connection says what a packet reads: synapses, memory words, groups of lanes") {
  const TrafficPlan plan = sample_plan(Multicast::unicast);
  const Connection& dense = plan.slices[0].destinations[0].connections[0];
  CHECK(dense.synapses == 6);
  CHECK(dense.words == 3);   // 48 bits in words of 16
  CHECK(dense.groups == 2);  // of 4 lanes
  const Connection& one_to_one = plan.slices[hidden].destinations[2].connections[0];
  CHECK(one_to_one.synapses == 0);
  CHECK(one_to_one.words == 0);
  CHECK(one_to_one.groups == 1);
  CHECK(one_to_one.begin == 3);
  CHECK(one_to_one.end == 6);
}

TEST_CASE("Every target credits every source once, by chains or by a tree to where they lie") {
  for (const Multicast multicast : {Multicast::unicast, Multicast::tree}) {
    const TrafficPlan plan = sample_plan(multicast);
    CHECK(plan.slices[hidden].target_slices == 3);
    CHECK(plan.slices[readout].ends_due == std::vector<std::uint32_t>{3});
    const auto& traffic = plan.slices[readout];
    REQUIRE(traffic.credit_destinations.size() == 3);
    for (std::uint32_t i = 0; i < 3; ++i) {
      CHECK(traffic.credit_destinations[i].slices == std::vector<std::uint32_t>{2 + i});
    }
    CHECK(reached(plan, traffic.credits) == Set{0, 1, 2});
    CHECK(traffic.credits.size() == (multicast == Multicast::tree ? 1 : 3));
  }
}

}  // namespace synfire::test
