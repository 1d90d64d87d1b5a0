// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/sample_topology.hpp"
#include "tests/support/seed.hpp"
#include "topology/channel_dependency.hpp"
#include "topology/topologies.hpp"
#include "topology/topology_check.hpp"

namespace synfire::test {
namespace {

using Edge = ChannelDependencies::Edge;

ChipDescription with_credits(ChipDescription chip, std::int64_t virtual_channels) {
  chip.flow_control.kind = FlowControl::credit;
  chip.routing.virtual_channels = virtual_channels;
  return chip;
}

/// Consecutive channels of the routes between all neurocores and the host, route by route.
std::vector<Edge> edges_of_all_routes(const Routing& routing) {
  const RouterGraph& graph = routing.graph();
  std::vector<CoreId> ends = {host_core};
  for (std::uint32_t core = 0; core < graph.core_count(); ++core) ends.push_back(CoreId{core});
  std::set<Edge> edges;
  for (const CoreId from : ends) {
    for (const CoreId to : ends) {
      const Route route = routing.route(from, to);
      for (std::size_t i = 2; i + 1 < route.size(); ++i) edges.emplace(route[i - 1], route[i]);
    }
  }
  return {edges.begin(), edges.end()};
}

/// Kahn 1962: takes away channels that nothing waits for until none is left, or a cycle is.
bool has_cycle_by_kahn(const std::vector<Edge>& edges) {
  std::map<Channel, std::vector<Channel>> next;
  std::map<Channel, int> waiting;
  for (const auto& [first, second] : edges) {
    next[first].push_back(second);
    waiting[first];
    ++waiting[second];
  }
  std::vector<Channel> free;
  for (const auto& [channel, count] : waiting) {
    if (count == 0) free.push_back(channel);
  }
  std::size_t taken = 0;
  for (; !free.empty(); ++taken) {
    const Channel channel = free.back();
    free.pop_back();
    for (const Channel& follower : next[channel]) {
      if (--waiting[follower] == 0) free.push_back(follower);
    }
  }
  return taken < waiting.size();
}

bool is_cycle_of(const std::vector<Channel>& cycle, const std::vector<Edge>& edges) {
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const Edge edge{cycle[i], cycle[(i + 1) % cycle.size()]};
    if (!std::ranges::binary_search(edges, edge)) return false;
  }
  return true;
}

/// True if the routes of a chip can deadlock; our search and Kahn's must agree.
bool can_deadlock(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  const ChannelDependencies dependencies = ChannelDependencies::of(*routing);
  const std::vector<Edge> edges = edges_of_all_routes(*routing);
  REQUIRE(dependencies.edges() == edges);
  const std::vector<Channel> cycle = dependencies.find_cycle();
  REQUIRE(cycle.empty() == !has_cycle_by_kahn(edges));
  REQUIRE(is_cycle_of(cycle, edges));
  if (routing->is_proven_free_of_deadlock()) REQUIRE(cycle.empty());
  return !cycle.empty();
}

}  // namespace

TEST_CASE("XY on a mesh cannot deadlock on one virtual channel") {
  for (const auto& [width, height] : {std::pair{1, 1}, {6, 1}, {4, 4}, {5, 3}}) {
    CHECK_FALSE(can_deadlock(with_credits(chip_of(TopologyKind::mesh, width, height), 1)));
  }
  CHECK_FALSE(can_deadlock(with_credits(board_of(TopologyKind::mesh, 2, 2, 3, 2), 1)));
}

TEST_CASE("XY on a torus of four or more in a dimension can deadlock on one channel, not on two") {
  for (const auto& [width, height] : {std::pair{4, 1}, {1, 5}, {4, 4}, {6, 3}, {2, 7}}) {
    INFO(width << " x " << height);
    const ChipDescription chip = chip_of(TopologyKind::torus, width, height);
    CHECK(can_deadlock(with_credits(chip, 1)));
    CHECK_FALSE(can_deadlock(with_credits(chip, 2)));
    CHECK_FALSE(can_deadlock(with_credits(chip, 5)));
  }
  // Three tiles in a ring: every tile is one hop away, so no packet waits behind another there.
  CHECK_FALSE(can_deadlock(with_credits(chip_of(TopologyKind::torus, 3, 3), 1)));
}

TEST_CASE("Shortest paths on a ring of five or more can deadlock on one channel, not on two") {
  for (const int tiles : {1, 2, 3, 4, 5, 9}) {
    INFO(tiles);
    const ChipDescription chip = chip_of(TopologyKind::ring, tiles, 1);
    CHECK(can_deadlock(with_credits(chip, 1)) == (tiles >= 5));  // of four: ties part ways
    CHECK_FALSE(can_deadlock(with_credits(chip, 2)));
  }
}

TEST_CASE("Trees and crossbars cannot deadlock on one virtual channel; three hubs cannot either") {
  for (const TopologyKind topology : {TopologyKind::tree, TopologyKind::crossbar}) {
    CHECK_FALSE(can_deadlock(with_credits(chip_of(topology, 4, 3), 1)));
    CHECK_FALSE(can_deadlock(with_credits(board_of(topology, 3, 1, 2, 2), 1)));
  }
}

TEST_CASE("Random graphs: our search for cycles agrees with Kahn's, and layers remove them") {
  constexpr std::uint64_t cases = 200;
  std::map<bool, int> deadlocks;  // per direction of the graph
  std::map<bool, int> layered;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    const ChipDescription chip = graphml_chip(random_graphml(seed));
    const bool is_directed = chip.grid.graphml.find("\"directed\"") != std::string::npos;
    const ChipDescription many = with_credits(chip, 8);
    const RouterGraph graph = build_graph(many);
    const bool needs_layers = can_deadlock(with_credits(chip, 1));
    REQUIRE((make_routing(graph, many)->virtual_channels() > 1) == needs_layers);
    if (!needs_layers) continue;
    ++deadlocks[is_directed];
    if (!can_deadlock(many)) {
      ++layered[is_directed];
      CHECK_NOTHROW(check_topology(many));
    } else {
      CHECK_THROWS_AS(check_topology(many), ConfigError);
    }
  }
  CHECK(deadlocks[false] > 20);
  CHECK(layered[false] == deadlocks[false]);
  CHECK(deadlocks[true] > 20);
  CHECK(layered[true] > deadlocks[true] / 2);  // long one-way rings take a layer for two sources
}

TEST_CASE("Random edges: our search for cycles agrees with Kahn's") {
  constexpr std::uint64_t cases = 300;
  int cycles = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    RandomStream random(seed, 3);
    const auto virtual_channels = static_cast<std::uint32_t>(1 + random.below(3));
    const RouterGraph graph = build_graph(chip_of(TopologyKind::torus, 3, 3));
    ChannelDependencies dependencies(graph, virtual_channels);
    std::set<Edge> expected;
    for (std::uint64_t k = 0, count = random.below(90 * virtual_channels); k < count; ++k) {
      const auto link = static_cast<std::uint32_t>(random.below(graph.router_links().size()));
      const auto [begin, end] = graph.links_from(graph.links()[link].to);
      const auto next = begin + static_cast<std::uint32_t>(random.below(end - begin));
      const auto channel = [&](std::uint32_t id) {
        return Channel{LinkId{id}, static_cast<std::uint8_t>(random.below(virtual_channels))};
      };
      const Edge edge{channel(link), channel(next)};
      CHECK(dependencies.insert(edge.first, edge.second) == expected.insert(edge).second);
    }
    const std::vector<Edge> edges(expected.begin(), expected.end());
    REQUIRE(dependencies.edges() == edges);
    const auto cycle = dependencies.find_cycle();
    REQUIRE(cycle.empty() == !has_cycle_by_kahn(edges));
    REQUIRE(is_cycle_of(cycle, edges));
    if (!cycle.empty()) ++cycles;
  }
  CHECK(cycles > 50);
  CHECK(cycles < 250);
}

TEST_CASE("What a refusal says is enough virtual channels is enough, and one less is not") {
  for (const ChipDescription& chip :
       {chip_of(TopologyKind::torus, 5, 5), chip_of(TopologyKind::ring, 9, 1)}) {
    for (const RoutingKind kind : {RoutingKind::xy, RoutingKind::shortest_path}) {
      ChipDescription refused = with_credits(chip, 1);
      if (chip.grid.topology == TopologyKind::ring && kind == RoutingKind::xy) continue;
      refused.routing.kind = kind;
      INFO(describe(refused));
      std::int64_t enough = 0;
      try {
        check_topology(refused);
      } catch (const ConfigError& error) {
        const std::string text = error.what();
        const std::string key = "set routing.virtual_channels=";
        REQUIRE(text.find(key) != std::string::npos);
        enough = std::stoll(text.substr(text.find(key) + key.size()));
      }
      REQUIRE(enough > 1);
      refused.routing.virtual_channels = enough;
      CHECK_NOTHROW(check_topology(refused));
      refused.routing.virtual_channels = enough - 1;
      CHECK_THROWS_AS(check_topology(refused), ConfigError);
    }
  }
}

}  // namespace synfire::test
