// SPDX-License-Identifier: Apache-2.0
#include "topology/link_charge.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_topology.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr Crossings crossings{.data_packets = 3, .data_bits = 96, .control_packets = 2};

ActionCounts charged(const LinkCharge& charge) {
  ActionCounts counts;
  charge.add(crossings, counts);
  return counts;
}

ActionCounts hops(Action packet, Action bit) {
  ActionCounts counts;
  counts[packet] = crossings.data_packets;
  counts[bit] = crossings.data_bits;
  counts[Action::control_hop] = crossings.control_packets;
  return counts;
}

}  // namespace

TEST_CASE("LinkCharge: a link between routers is charged by its kind, board links by board bits") {
  CHECK(charged(LinkCharge(LinkKind::horizontal)) ==
        hops(Action::hop_horizontal, Action::link_bit));
  CHECK(charged(LinkCharge(LinkKind::vertical)) == hops(Action::hop_vertical, Action::link_bit));
  CHECK(charged(LinkCharge(LinkKind::board)) == hops(Action::hop_board, Action::board_link_bit));
  CHECK(LinkCharge(LinkKind::board).is_between_routers());
}

TEST_CASE("LinkCharge: local links are charged for data packets, the host's own for nothing") {
  ActionCounts local;
  local[Action::local_link] = crossings.data_packets;
  const RouterGraph graph = build_graph(board_of(TopologyKind::mesh, 2, 1, 2, 2));
  const auto charges = link_charges(graph);
  CHECK(charged(charges[index(graph.injection_link(CoreId{1}))]) == local);
  CHECK(charged(charges[index(graph.ejection_link(CoreId{1}))]) == local);
  CHECK(charged(charges[index(graph.injection_link(host_core))]) == ActionCounts{});
  CHECK(charged(charges[index(graph.ejection_link(host_core))]) == ActionCounts{});
  CHECK_FALSE(charges[index(graph.ejection_link(host_core))].is_between_routers());
}

}  // namespace synfire::test
