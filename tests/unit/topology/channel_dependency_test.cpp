// SPDX-License-Identifier: Apache-2.0
#include "topology/channel_dependency.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/sample_topology.hpp"
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

/// Key path and text of the refusal; empty if there is none.
std::pair<std::string, std::string> refusal(const ChipDescription& chip) {
  try {
    check_topology(chip);
  } catch (const ConfigError& error) {
    return {error.key_path, error.what()};
  }
  return {};
}

}  // namespace

TEST_CASE("ChannelDependencies: edges are kept once, in order, per virtual channel") {
  const RouterGraph graph = build_graph(chip_of(TopologyKind::ring, 3, 1));
  const auto channel = [&](std::uint32_t from, std::uint32_t to, std::uint8_t number) {
    return Channel{graph.link_between(RouterId{from}, RouterId{to}), number};
  };
  ChannelDependencies dependencies(graph, 2);
  CHECK(dependencies.edges().empty());
  CHECK(dependencies.insert(channel(1, 2, 1), channel(2, 0, 1)));
  CHECK(dependencies.insert(channel(0, 1, 0), channel(1, 2, 1)));
  CHECK_FALSE(dependencies.insert(channel(0, 1, 0), channel(1, 2, 1)));
  CHECK(dependencies.edges() == std::vector<Edge>{{channel(0, 1, 0), channel(1, 2, 1)},
                                                  {channel(1, 2, 1), channel(2, 0, 1)}});
  CHECK(dependencies.find_cycle().empty());
  CHECK(dependencies.insert(channel(2, 0, 1), channel(0, 1, 0)));
  CHECK(dependencies.find_cycle() ==
        std::vector{channel(0, 1, 0), channel(1, 2, 1), channel(2, 0, 1)});
  dependencies.erase(channel(2, 0, 1), channel(0, 1, 0));
  CHECK(dependencies.find_cycle().empty());
  CHECK(dependencies.edges().size() == 2);
}

TEST_CASE("ChannelDependencies: edges are those of consecutive links on routes, by hand") {
  const ChipDescription chip = chip_of(TopologyKind::mesh, 2, 2);
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  const auto edges = ChannelDependencies::of(*routing).edges();
  REQUIRE(edges.size() == 4);  // each tile to the opposite one: first x, then y
  for (const auto& [first, second] : edges) {
    CHECK(graph.links()[index(first.link)].kind == LinkKind::horizontal);
    CHECK(graph.links()[index(second.link)].kind == LinkKind::vertical);
  }
}

TEST_CASE("check_topology: a ring that can deadlock is refused with its routers and remedies") {
  const auto [key_path, text] = refusal(with_credits(chip_of(TopologyKind::ring, 5, 1), 1));
  CHECK(key_path == "routing.virtual_channels");
  CHECK_THAT(text, Catch::Contains(
                       "0 (0, 0) -> 1 (1, 0) -> 2 (2, 0) -> 3 (1, 1) -> 4 (0, 1) -> 0 (0, 0)"));
  for (const char* remedy :
       {"routing.virtual_channels=2", "flow_control.kind=infinite", "routing.deadlock_check=off"}) {
    CHECK_THAT(text, Catch::Contains(remedy));
  }
  CHECK(refusal(with_credits(chip_of(TopologyKind::ring, 5, 1), 2)).first.empty());
}

TEST_CASE("check_topology: another kind of routing is no remedy for a torus on one channel") {
  ChipDescription chip = with_credits(chip_of(TopologyKind::torus, 5, 5), 1);
  for (const RoutingKind kind : {RoutingKind::xy, RoutingKind::shortest_path}) {
    chip.routing.kind = kind;
    const auto [key_path, text] = refusal(chip);
    CHECK(key_path == "routing.virtual_channels");
    CHECK_THAT(text, !Catch::Contains("routing.kind"));
  }
}

TEST_CASE("check_topology: a long cycle is shown in part") {
  const auto text = refusal(with_credits(chip_of(TopologyKind::ring, 100, 1), 1)).second;
  CHECK_THAT(text, Catch::Contains("-> ... (84 more) -> 0 (0, 0)"));
  CHECK(text.size() < 600);
}

TEST_CASE("check_topology: nothing is refused with infinite buffers or without the check") {
  ChipDescription chip = with_credits(chip_of(TopologyKind::torus, 4, 4), 1);
  CHECK(refusal(chip).first == "routing.virtual_channels");
  chip.routing.is_checked = false;
  CHECK(refusal(chip).first.empty());
  chip.routing.is_checked = true;
  chip.flow_control.kind = FlowControl::infinite;
  CHECK(refusal(chip).first.empty());
}

TEST_CASE("check_topology: what cannot be built or routed is refused by its key") {
  ChipDescription chip = chip_of(TopologyKind::ring, 4, 1);
  chip.routing.kind = RoutingKind::xy;
  CHECK(refusal(chip).first == "routing.kind");
  chip.grid.width = 0;
  CHECK(refusal(chip).first == "grid.width");
}

TEST_CASE("check_topology: beyond the search, proven routes pass and others are refused") {
  CHECK(refusal(with_credits(chip_of(TopologyKind::mesh, 128, 128), 1)).first.empty());
  CHECK(refusal(with_credits(chip_of(TopologyKind::torus, 128, 128), 2)).first.empty());
  CHECK(refusal(with_credits(chip_of(TopologyKind::torus, 128, 128), 1)).first ==
        "routing.deadlock_check");
}

}  // namespace synfire::test
