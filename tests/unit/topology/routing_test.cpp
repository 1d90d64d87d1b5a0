// SPDX-License-Identifier: Apache-2.0
#include "topology/routing.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/sample_topology.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// Routers on a route as `0 1 2`, with the virtual channel of each link as `0 -1> 1` unless it is
/// 0.
std::string way(const ChipDescription& chip, std::uint32_t from, std::uint32_t to) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  const Route route = routing->route(CoreId{from}, CoreId{to});
  REQUIRE(route.size() >= 2);
  CHECK(route.front() == Channel{graph.injection_link(CoreId{from}), 0});
  CHECK(route.back() == Channel{graph.ejection_link(CoreId{to}), 0});
  std::string text = std::to_string(index(graph.router_of(CoreId{from})));
  for (std::size_t i = 1; i + 1 < route.size(); ++i) {
    const std::uint8_t channel = route[i].virtual_channel;
    text += channel == 0 ? " " : " -" + std::to_string(channel) + "> ";
    text += std::to_string(index(graph.links()[index(route[i].link)].to));
  }
  return text;
}

ChipDescription torus(std::int64_t width, std::int64_t height, std::int64_t virtual_channels) {
  ChipDescription chip = chip_of(TopologyKind::torus, width, height);
  chip.routing.virtual_channels = virtual_channels;
  return chip;
}

}  // namespace

TEST_CASE("Routing: XY goes along x first, between injection and ejection") {
  const ChipDescription mesh = chip_of(TopologyKind::mesh, 3, 3);
  CHECK(way(mesh, 0, 8) == "0 1 2 5 8");
  CHECK(way(mesh, 8, 0) == "8 7 6 3 0");
  CHECK(way(mesh, 2, 3) == "2 1 0 3");
}

TEST_CASE("Routing: cores of one tile meet at their router, the host comes over router 0") {
  const ChipDescription chip = chip_of(TopologyKind::mesh, 2, 2, 2);
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  CHECK(routing->route(CoreId{2}, CoreId{3}) ==
        Route{{graph.injection_link(CoreId{2})}, {graph.ejection_link(CoreId{3})}});
  CHECK(routing->route(host_core, CoreId{6}).size() == 4);
  CHECK(routing->route(CoreId{0}, host_core).size() == 2);
  CHECK(routing->route(CoreId{3}, CoreId{3}).empty());
  CHECK(routing->route(host_core, host_core).empty());
}

TEST_CASE("Routing: a torus takes the shorter way round, of two equal ones east and south") {
  CHECK(way(torus(5, 1, 1), 0, 3) == "0 4 3");
  CHECK(way(torus(5, 1, 1), 0, 2) == "0 1 2");
  CHECK(way(torus(5, 1, 1), 4, 1) == "4 0 1");
  CHECK(way(torus(4, 1, 1), 0, 2) == "0 1 2");
  CHECK(way(torus(4, 1, 1), 3, 1) == "3 0 1");
  CHECK(way(torus(1, 4, 1), 3, 1) == "3 0 1");
  CHECK(way(torus(4, 4, 1), 0, 15) == "0 3 15");
  CHECK(way(torus(2, 2, 1), 0, 3) == "0 1 3");
}

TEST_CASE("Routing: on a torus a packet changes to channel 1 past the wrap link, per dimension") {
  CHECK(way(torus(6, 1, 2), 4, 1) == "4 5 0 -1> 1");
  CHECK(way(torus(6, 1, 2), 1, 5) == "1 0 5");
  CHECK(way(torus(6, 1, 2), 1, 4) == "1 2 3 4");
  CHECK(way(torus(6, 1, 8), 0, 4) == "0 5 -1> 4");
  // Column 5 to column 1, then row 5 to row 1: channel 0 again where y starts.
  CHECK(way(torus(6, 6, 2), 35, 7) == "35 30 -1> 31 1 -1> 7");
}

TEST_CASE("Routing: shortest paths weigh latency, not hops") {
  ChipDescription chip = chip_of(TopologyKind::mesh, 3, 2);
  chip.routing.kind = RoutingKind::shortest_path;
  CHECK(way(chip, 0, 2) == "0 1 2");
  chip.horizontal.latency = Duration{1000};
  chip.vertical.latency = Duration{1};
  CHECK(way(chip, 3, 2) == "3 0 1 2");  // all ways have one vertical link; the smallest last link
  chip = chip_of(TopologyKind::ring, 5, 1);
  CHECK(way(chip, 0, 3) == "0 4 3");
  chip = board_of(TopologyKind::ring, 2, 1, 3, 1);  // board links take 5 ns: 3 hops on the chip
  CHECK(way(chip, 0, 2) == "0 1 2");
  CHECK(way(chip, 0, 5) == "0 5");
  CHECK(way(chip, 0, 4) == "0 5 4");
}

TEST_CASE("Routing: with credits, shortest paths keep to a virtual channel per source") {
  ChipDescription chip = chip_of(TopologyKind::ring, 6, 1);
  chip.routing.virtual_channels = 2;
  CHECK(make_routing(build_graph(chip), chip)->virtual_channels() == 1);
  chip.flow_control.kind = FlowControl::credit;
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  CHECK(routing->virtual_channels() == 2);
  CHECK(way(chip, 0, 3) == "0 1 2 3");
  // Eastward ways of 0 to 3 fill the ring up to link 4 -> 5; those of 4 would close it.
  CHECK(way(chip, 4, 1) == "4 -1> 5 -1> 0 -1> 1");
  CHECK(way(chip, 5, 2) == "5 0 1 2");
}

TEST_CASE("Routing: xy is for meshes and tori only") {
  for (const TopologyKind topology :
       {TopologyKind::ring, TopologyKind::tree, TopologyKind::crossbar, TopologyKind::graphml}) {
    ChipDescription chip = chip_of(topology, 2, 2);
    chip.routing.kind = RoutingKind::xy;
    const RouterGraph graph = RouterGraph::mesh(2, 2, 1);
    try {
      make_routing(graph, chip);
      FAIL("xy on a " << to_string(topology));
    } catch (const ConfigError& error) {
      CHECK(error.key_path == "routing.kind");
      CHECK_THAT(error.what(), Catch::Contains("set routing.kind=shortest_path"));
    }
  }
}

TEST_CASE("Routing: a graph too large for virtual layers is refused, not searched for hours") {
  ChipDescription chip = chip_of(TopologyKind::mesh, 128, 64);
  chip.routing.kind = RoutingKind::shortest_path;
  chip.routing.virtual_channels = 2;
  chip.flow_control.kind = FlowControl::credit;
  const RouterGraph graph = build_graph(chip);
  CHECK_THROWS_AS(make_routing(graph, chip), ConfigError);
  chip.flow_control.kind = FlowControl::infinite;
  CHECK(make_routing(graph, chip)->route(CoreId{0}, CoreId{8191}).size() == 127 + 63 + 2);
}

}  // namespace synfire::test
