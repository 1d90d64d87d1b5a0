// SPDX-License-Identifier: Apache-2.0
#include "topology/network_on_chip.hpp"

#include <catch2/catch.hpp>

#include "tests/support/synthetic_traffic.hpp"

namespace synfire::test {
namespace {

/// Routers 0 -> 1 -> ... -> 0, one neurocore each.
RouterGraph ring(std::uint32_t size) {
  std::vector<Router> routers(size);
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < size; ++i) {
    routers[i].cores = 1;
    links.push_back(
        {.from = RouterId{i}, .to = RouterId{(i + 1) % size}, .kind = LinkKind::horizontal});
  }
  return RouterGraph(routers, links);
}

/// Once around the ring as far as `hops`; with datelines on virtual channel 1 beyond the link from
/// the last router to router 0.
Route ring_route(const RouterGraph& graph, std::uint32_t from, std::uint32_t hops,
                 bool has_dateline) {
  Route route = {{graph.injection_link(CoreId{from}), 0}};
  std::uint8_t channel = 0;
  std::uint32_t here = from;
  for (; hops > 0; --hops) {
    const std::uint32_t next = (here + 1) % graph.router_count();
    route.push_back({graph.link_between(RouterId{here}, RouterId{next}), channel});
    if (has_dateline && next == 0) channel = 1;
    here = next;
  }
  route.push_back({graph.ejection_link(CoreId{here}), channel});
  return route;
}

TrafficRun flood_ring(bool has_dateline, std::uint32_t packets_each) {
  const RouterGraph graph = ring(4);
  ChipDescription chip = network_chip();
  chip.flow_control = {FlowControl::credit, 1, picoseconds(1)};
  chip.routing.virtual_channels = has_dateline ? 2 : 1;
  std::vector<MulticastNode> nodes;
  std::vector<SyntheticPacket> packets;
  for (std::uint32_t from = 0; from < 4; ++from) {
    const std::vector<RoutedDestination> routes = {{ring_route(graph, from, 3, has_dateline), 0}};
    const std::uint32_t root = append_tree(nodes, routes);
    for (std::uint32_t i = 0; i < packets_each; ++i) packets.push_back({{}, from, root, {}});
  }
  return run_traffic(graph, chip, nodes, packets);
}

}  // namespace

TEST_CASE("NetworkOnChip: a cycle of full buffers stops, and its channels are named") {
  const TrafficRun run = flood_ring(false, 20);
  CHECK(run.in_flight > 0);
  CHECK(run.deliveries.size() < 80);
  CHECK(run.blocked ==
        "packets wait in a cycle of channels: router 0 to 1 channel 0 waits for router 1 to 2 "
        "channel 0 waits for router 2 to 3 channel 0 waits for router 3 to 0 channel 0 waits for "
        "router 0 to 1 channel 0");
}

TEST_CASE("NetworkOnChip: with datelines the same load drains") {
  const TrafficRun run = flood_ring(true, 20);
  CHECK(run.in_flight == 0);
  CHECK(run.deliveries.size() == 80);
  CHECK(run.blocked.empty());
}

TEST_CASE("NetworkOnChip: who never empties a buffer is named without a cycle") {
  const ChannelWait waits[] = {{0, 1}, {1, 9}};  // ring 0-3, injection 4, 6, 8, 10, ejection 5-11
  const RouterGraph graph = ring(4);
  CHECK(describe_waits(graph, 1, waits) ==
        "router 1 to 2 channel 0 waits for a place behind router 2 to neurocore 2 channel 0");
}

}  // namespace synfire::test
