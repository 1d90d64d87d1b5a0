// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/alike_cores.hpp"

#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr std::uint32_t cores_per_tile = 4;

struct Case {
  std::vector<std::uint32_t> slice_sizes;  ///< of the target, on cores 0, 1, ...
  Connectivity connectivity = Connectivity::dense;
  Multicast multicast = Multicast::tree;
  std::vector<bool> sends_to_itself = std::vector<bool>(2 * cores_per_tile, false);
};

/// Two tiles of four neurocores; one source on the host, as large as its target.
std::vector<std::uint32_t> alike_in(const Case& which) {
  Mapping mapping;
  std::uint32_t neurons = 0;
  for (std::uint32_t core = 0; core < which.slice_sizes.size(); ++core) {
    const std::uint32_t end = neurons + which.slice_sizes[core];
    mapping.slices.push_back({PopulationId{1}, neurons, end, CoreId{core}});
    neurons = end;
  }
  mapping.slices.push_back({PopulationId{0}, 0, neurons, host_core});
  Population source;
  source.name = "source";
  source.size = neurons;
  source.model = NeuronModel::input;
  Population target;
  target.name = "target";
  target.size = neurons;
  target.model = NeuronModel::lif;
  target.threshold.assign(neurons, 1);
  target.bias.assign(neurons, 0);
  Projection projection;
  projection.source = PopulationId{0};
  projection.target = PopulationId{1};
  projection.connectivity = which.connectivity;
  if (which.connectivity == Connectivity::dense) projection.weights.assign(neurons * neurons, 1);
  const Network network(1, {source, target}, {projection});

  ChipDescription chip = load_chip("ideal");
  chip.grid.width = 2;
  chip.grid.height = 1;
  chip.grid.cores_per_tile = cores_per_tile;
  chip.multicast = which.multicast;
  chip.neurocore.synapse_word_bits = 16;  // two weights
  const RouterGraph graph = build_graph(chip);
  const TrafficPlan plan = plan_traffic(network, mapping, *make_routing(graph, chip), chip);
  return alike_cores(graph, plan, ReceptionTable(plan), which.sends_to_itself);
}

using Runs = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("Neurocores of one tile that a tree reaches together are alike, those of two are not") {
  CHECK(alike_in({.slice_sizes = {2, 2, 2, 2, 2, 2, 2, 2}}) == Runs{4, 0, 0, 0, 4, 0, 0, 0});
}

TEST_CASE("A neurocore that gets packets is not alike to one that gets none") {
  CHECK(alike_in({.slice_sizes = {2, 2, 2, 2, 2, 2}}) == Runs{4, 0, 0, 0, 2, 0, 2, 0});
  CHECK(alike_in({.slice_sizes = {2}}) == Runs{1, 3, 0, 0, 4, 0, 0, 0});
}

TEST_CASE("Neurocores that fetch or accumulate more for a packet are not alike to others") {
  CHECK(alike_in({.slice_sizes = {2, 2, 3, 3}}) == Runs{2, 0, 2, 0, 4, 0, 0, 0});
  CHECK(alike_in({.slice_sizes = {3, 4}}) == Runs{1, 1, 2, 0, 4, 0, 0, 0});  // as many words
}

TEST_CASE("Neurocores that a unicast reaches one by one are not alike") {
  const Case unicast{.slice_sizes = {2, 2, 2, 2}, .multicast = Multicast::unicast};
  CHECK(alike_in(unicast) == Runs{1, 1, 1, 1, 4, 0, 0, 0});
}

TEST_CASE("Neurocores that listen to different neurons are not alike") {
  const Case different{.slice_sizes = {2, 2, 2, 2}, .connectivity = Connectivity::one_to_one};
  CHECK(alike_in(different) == Runs{1, 1, 1, 1, 4, 0, 0, 0});
}

TEST_CASE("A neurocore that sends to itself is alike to none") {
  Case itself{.slice_sizes = {2, 2, 2, 2}};
  itself.sends_to_itself[1] = true;
  CHECK(alike_in(itself) == Runs{1, 1, 2, 0, 4, 0, 0, 0});
}

}  // namespace synfire::test
