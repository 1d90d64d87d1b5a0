// SPDX-License-Identifier: Apache-2.0
#include "topology/routing.hpp"

#include <map>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/sample_topology.hpp"
#include "tests/support/seed.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// Every router is entered by one channel on all routes from a core, after one and the same way.
void check_tree(const Routing& routing, CoreId from) {
  const RouterGraph& graph = routing.graph();
  std::map<RouterId, Route> way_to;
  for (std::uint32_t to = 0; to <= graph.core_count(); ++to) {
    const CoreId goal = to == graph.core_count() ? host_core : CoreId{to};
    const Route route = routing.route(from, goal);
    if (goal == from) {
      REQUIRE(route.empty());
      continue;
    }
    Route way;
    for (std::size_t i = 0; i + 1 < route.size(); ++i) {
      way.push_back(route[i]);
      const Link& link = graph.links()[index(route[i].link)];
      REQUIRE((i == 0) == (link.kind == LinkKind::injection));
      REQUIRE(route[i].virtual_channel < routing.virtual_channels());
      const auto [known, is_new] = way_to.emplace(link.to, way);
      REQUIRE((is_new || known->second == way));
    }
    REQUIRE(route.back() == Channel{graph.ejection_link(goal), 0});
  }
}

void check_trees(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  REQUIRE(routing->virtual_channels() <= static_cast<std::uint32_t>(chip.routing.virtual_channels));
  for (std::uint32_t core = 0; core < graph.core_count(); ++core) {
    check_tree(*routing, CoreId{core});
  }
  check_tree(*routing, host_core);
}

}  // namespace

TEST_CASE("Routes from one core form a tree, channels included, on every topology") {
  for (ChipDescription chip : chips_of_every_topology()) {
    INFO(describe(chip));
    for (const std::int64_t virtual_channels : {1, 2, 8}) {
      chip.routing.virtual_channels = virtual_channels;
      for (const FlowControl flow_control : {FlowControl::infinite, FlowControl::credit}) {
        chip.flow_control.kind = flow_control;
        check_trees(chip);
        if (chip.routing.kind == RoutingKind::shortest_path) continue;
        ChipDescription shortest = chip;
        shortest.routing.kind = RoutingKind::shortest_path;
        check_trees(shortest);
      }
    }
  }
}

TEST_CASE("Routes from one core form a tree, channels included, on random graphs") {
  constexpr std::uint64_t cases = 100;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    ChipDescription chip = graphml_chip(random_graphml(seed));
    check_trees(chip);
    chip.routing.virtual_channels = 8;
    chip.flow_control.kind = FlowControl::credit;
    check_trees(chip);
  }
}

}  // namespace synfire::test
