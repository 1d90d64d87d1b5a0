// SPDX-License-Identifier: Apache-2.0
#include "topology/placement.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "topology/hop_table.hpp"
#include "topology/routing.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t context = 8;
constexpr std::uint32_t steps = 2;

Population lif(std::string name, std::uint32_t size) {
  return {.name = std::move(name),
          .size = size,
          .model = NeuronModel::lif,
          .threshold = std::vector<std::int32_t>(size, 1),
          .bias = std::vector<std::int32_t>(size, 0)};
}

Projection dense(std::uint32_t source, std::uint32_t target, std::size_t weights) {
  return {.source = PopulationId{source},
          .target = PopulationId{target},
          .weights = std::vector<std::int8_t>(weights, std::int8_t{1})};
}

/// 2 inputs -> 4 a -> 4 b -> 3 readout, all dense.
Network chain() {
  return Network(steps,
                 {{.name = "input", .size = 2, .model = NeuronModel::input},
                  lif("a", 4),
                  lif("b", 4),
                  {.name = "readout",
                   .size = 3,
                   .model = NeuronModel::readout,
                   .bias = std::vector<std::int32_t>(3, 0)}},
                 {dense(0, 1, 8), dense(1, 2, 16), dense(2, 3, 12)});
}

/// `tiles` tiles in a row with one neurocore each.
ChipDescription row_of(std::int64_t tiles) {
  ChipDescription chip = load_chip("ideal");
  chip.grid = {.width = tiles, .height = 1, .cores_per_tile = 1};
  return chip;
}

Mapping mapped(std::vector<PopulationSlice> slices, std::size_t cores) {
  Mapping mapping;
  mapping.slices = std::move(slices);
  mapping.cores.resize(cores);
  return mapping;
}

PopulationSlice slice(std::uint32_t population, std::uint32_t begin, std::uint32_t end,
                      std::uint32_t core) {
  return {PopulationId{population}, begin, end, CoreId{core}};
}

const PopulationSlice inputs{PopulationId{0}, 0, 2, host_core};

}  // namespace

TEST_CASE("traffic_hops: packets, ends of steps and credits of a chain, counted by hand") {
  const Network network = chain();
  const Mapping mapping =
      mapped({inputs, slice(1, 0, 4, 1), slice(2, 0, 4, 3), slice(3, 0, 3, 2)}, 4);
  // Spikes in 5 tokens of 2 steps: inputs 3 + 4, a 1 + 2 + 0 + 6, b 10.
  const std::vector<std::vector<std::uint32_t>> spikes = {{3, 4}, {1, 2, 0, 6}, {10, 0, 0, 0}, {}};
  const TrafficHops hops =
      traffic_hops(network, row_of(4), mapping, measured_traffic(network, spikes, 5));
  CHECK(hops.data == 7 * 1 + 9 * 2 + 10 * 1 + 3 * 5 * 2);  // logits: once a token
  CHECK(hops.control == 5 * 2 * 2 * (1 + 2 + 1) + 5 * 2);  // end of step and credit; end of token
}

TEST_CASE("traffic_hops: a neurocore that holds two targets is sent one packet") {
  const Network network = chain();
  const NeuronTraffic traffic = assumed_traffic(network, 500);  // 1000 tokens
  const auto data = [&](std::uint32_t second_half) {
    const Mapping mapping = mapped({inputs, slice(1, 0, 4, 0), slice(2, 0, 2, 2),
                                    slice(2, 2, 4, second_half), slice(3, 0, 3, 0)},
                                   4);
    return traffic_hops(network, row_of(4), mapping, traffic).data;
  };
  const std::int64_t spikes = 1000 * steps / 2;  // of a neuron
  CHECK(data(2) == 4 * spikes * 2 + 4 * spikes * 2);
  CHECK(data(3) == 4 * spikes * (2 + 3) + 2 * spikes * 2 + 2 * spikes * 3);
}

TEST_CASE("traffic_hops: one-to-one neurons go where they are wanted, common ones once") {
  Population residual{.name = "r",
                      .size = 4,
                      .model = NeuronModel::residual,
                      .bias = std::vector<std::int32_t>(4, 0),
                      .shift = std::vector<std::int8_t>(4, 0)};
  Population later = residual;
  later.name = "later";
  const auto one_to_one = [](std::uint32_t source, std::uint32_t target, Port port) {
    return Projection{.source = PopulationId{source},
                      .target = PopulationId{target},
                      .port = port,
                      .connectivity = Connectivity::one_to_one};
  };
  const Network network(
      steps,
      {{.name = "input", .size = 4, .model = NeuronModel::input}, residual, lif("a", 4), later},
      {dense(0, 1, 16), one_to_one(1, 2, Port::current), one_to_one(1, 3, Port::carry)});
  // r on core 0; a 0:2 on core 1, 2:4 on core 0; later 0:1 on core 2, 1:4 on core 1.
  const Mapping mapping = mapped({{PopulationId{0}, 0, 4, host_core},
                                  slice(1, 0, 4, 0),
                                  slice(2, 0, 2, 1),
                                  slice(2, 2, 4, 0),
                                  slice(3, 0, 1, 2),
                                  slice(3, 1, 4, 1)},
                                 3);
  const NeuronTraffic traffic = assumed_traffic(network);
  const std::int64_t payloads = 1000 * steps;
  // Core 1 wants neurons 0:2 and 1:4, hence all four once; core 2 wants one, two hops away.
  CHECK(traffic_hops(network, row_of(3), mapping, traffic).data == payloads * (4 + 1 * 2));
}

TEST_CASE("traffic_hops: several projections to one slice take one packet and one credit") {
  Population attention{.name = "attention",
                       .size = 4,
                       .model = NeuronModel::attention,
                       .threshold = std::vector<std::int32_t>(4, 1)};
  std::vector<Projection> projections = {dense(0, 1, 8)};
  for (const Port port : {Port::query, Port::key, Port::value}) {
    projections.push_back({.source = PopulationId{1},
                           .target = PopulationId{2},
                           .port = port,
                           .connectivity = Connectivity::one_to_one});
  }
  const Network network(
      steps, {{.name = "input", .size = 2, .model = NeuronModel::input}, lif("a", 4), attention},
      std::move(projections));
  const Mapping mapping = mapped({inputs, slice(1, 0, 4, 0), slice(2, 0, 4, 3)}, 4);
  const TrafficHops hops =
      traffic_hops(network, row_of(4), mapping, assumed_traffic(network, 1000));
  CHECK(hops.data == 1000 * steps * 4 * 3);
  CHECK(hops.control == 1000 * steps * (3 + 3));
}

TEST_CASE("HopTable: hops are those of the routes, the host sits at router 0") {
  ChipDescription chip = row_of(5);
  chip.grid.topology = TopologyKind::ring;
  chip.grid.cores_per_tile = 2;
  chip.routing.kind = RoutingKind::shortest_path;
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  std::vector<CoreId> cores;
  for (std::uint32_t i = 0; i < graph.core_count(); ++i) cores.push_back(CoreId{i});
  HopTable table(*routing, cores);
  const auto around = [&](RouterId from, RouterId to) {  // the shorter way round the ring
    const std::uint32_t east = (index(to) + 5 - index(from)) % 5;
    return std::min(east, 5 - east);
  };
  for (const CoreId from : cores) {
    CHECK(table.hops(host_core, from) == around(host_router, graph.router_of(from)));
    for (const CoreId to : cores) {
      CHECK(table.hops(from, to) == around(graph.router_of(from), graph.router_of(to)));
    }
  }
}

TEST_CASE("place_slices: greedy puts a chain side by side where linear leaves it apart") {
  const Network network = chain();
  ChipDescription chip = row_of(4);
  chip.neurocore.neurons = 4;
  const Mapping apart =
      mapped({inputs, slice(1, 0, 4, 3), slice(2, 0, 4, 0), slice(3, 0, 3, 2)}, 4);
  const NeuronTraffic traffic = assumed_traffic(network);
  const auto place = [&](PlacementStrategy strategy) {
    return place_slices(network, chip, context, apart, traffic, {.strategy = strategy});
  };
  CHECK(place(PlacementStrategy::linear).slices == apart.slices);
  const Mapping greedy = place(PlacementStrategy::greedy);
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(greedy.slices[i + 1].core == CoreId{i});
  CHECK(greedy.cores[0].neurons == 4);
  CHECK(greedy.cores[3] == CoreUse{});
}

TEST_CASE("place_slices: annealing finds the best of all placements of a small network") {
  const Network network = chain();
  ChipDescription chip = row_of(4);
  chip.neurocore.neurons = 4;
  chip.grid.height = 2;
  const NeuronTraffic traffic = assumed_traffic(network, 900);
  const Mapping linear = map_network(network, chip, context);
  const Mapping annealed = place_slices(network, chip, context, linear, traffic,
                                        {.strategy = PlacementStrategy::annealing});
  std::int64_t least = traffic_hops(network, chip, linear, traffic).total();
  std::vector<std::uint32_t> cores = {0, 1, 2, 3, 4, 5, 6, 7};
  do {
    const Mapping tried = mapped(
        {inputs, slice(1, 0, 4, cores[0]), slice(2, 0, 4, cores[1]), slice(3, 0, 3, cores[2])}, 8);
    least = std::min(least, traffic_hops(network, chip, tried, traffic).total());
    std::reverse(cores.begin() + 3, cores.end());  // the rest does not matter
  } while (std::ranges::next_permutation(cores).found);
  CHECK(traffic_hops(network, chip, annealed, traffic).total() == least);
}

TEST_CASE("place_slices: greedy that leaves no room is refused; annealing goes on from linear") {
  const Network network = chain();
  ChipDescription chip = row_of(2);
  chip.neurocore.neurons = 6;
  const Mapping full = mapped(
      {inputs, slice(1, 0, 2, 0), slice(1, 2, 4, 1), slice(2, 0, 4, 0), slice(3, 0, 3, 1)}, 2);
  const NeuronTraffic traffic = assumed_traffic(network);
  try {  // both halves of a beside the host, b on the other core: no room for 3
    place_slices(network, chip, context, full, traffic, {.strategy = PlacementStrategy::greedy});
    FAIL("placed");
  } catch (const MappingError& error) {
    CHECK(error.population == "readout");
    CHECK(error.resource == "neurocores");
  }
  const Mapping annealed = place_slices(network, chip, context, full, traffic,
                                        {.strategy = PlacementStrategy::annealing});
  for (const CoreUse& use : annealed.cores) CHECK(use.neurons <= 6);
}

TEST_CASE("place_slices: partition keeps two chains apart that do not talk to each other") {
  // Two chains of 3 x 4 neurons, two tiles of 3 neurocores: one chain a tile is best.
  std::vector<Population> populations = {{.name = "input", .size = 2, .model = NeuronModel::input}};
  std::vector<Projection> projections;
  std::vector<PopulationSlice> slices = {inputs};
  for (std::uint32_t i = 0; i < 6; ++i) {
    populations.push_back(lif("p" + std::to_string(i), 4));
    projections.push_back(i < 2 ? dense(0, i + 1, 8) : dense(i - 1, i + 1, 16));
    slices.push_back(slice(i + 1, 0, 4, i));  // linear: chains mixed on both tiles
  }
  const Network network(steps, std::move(populations), std::move(projections));
  ChipDescription chip = row_of(2);
  chip.grid.cores_per_tile = 3;
  chip.neurocore.neurons = 4;
  Mapping placed;
  try {
    placed = place_slices(network, chip, context, mapped(slices, 6), assumed_traffic(network),
                          {.strategy = PlacementStrategy::partition});
  } catch (const ConfigError& error) {  // built without METIS
    CHECK(error.key_path == "--placement");
    CHECK_THAT(error.what(), Catch::Contains("libmetis-dev"));
    return;
  }
  const auto tile = [&](std::size_t i) { return index(placed.slices[i].core) / 3; };
  CHECK(tile(1) == tile(3));
  CHECK(tile(3) == tile(5));
  CHECK(tile(2) == tile(4));
  CHECK(tile(4) == tile(6));
  CHECK(tile(1) != tile(2));
}

TEST_CASE("placement_from_string: every name, and a guess for a mistyped one") {
  for (const auto strategy : {PlacementStrategy::linear, PlacementStrategy::greedy,
                              PlacementStrategy::annealing, PlacementStrategy::partition}) {
    CHECK(placement_from_string(std::string(to_string(strategy))) == strategy);
  }
  CHECK_THROWS_WITH(placement_from_string("anealing"),
                    Catch::Contains("--placement") && Catch::Contains("`annealing`"));
}

}  // namespace synfire
