// SPDX-License-Identifier: Apache-2.0
#include "topology/core_order.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/sample_topology.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

std::vector<std::uint32_t> order_of(const ChipDescription& chip) {
  std::vector<std::uint32_t> order;
  for (const CoreId core : neighbour_order(chip, build_graph(chip))) order.push_back(index(core));
  return order;
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("neighbour_order: every neurocore once, on every topology") {
  for (const ChipDescription& chip : chips_of_every_topology()) {
    INFO(describe(chip));
    auto order = order_of(chip);
    REQUIRE(order.size() == build_graph(chip).core_count());
    std::ranges::sort(order);
    for (std::uint32_t i = 0; i < order.size(); ++i) REQUIRE(order[i] == i);
  }
}

TEST_CASE("neighbour_order: a mesh is walked back and forth, tile by tile") {
  CHECK(order_of(chip_of(TopologyKind::mesh, 2, 3)) == Numbers{0, 1, 3, 2, 4, 5});
  CHECK(order_of(chip_of(TopologyKind::torus, 2, 2, 2)) == Numbers{0, 1, 2, 3, 6, 7, 4, 5});
}

TEST_CASE("neighbour_order: one chip is filled before the next") {
  // Two chips of 2 x 2 side by side, and two below them.
  CHECK(order_of(board_of(TopologyKind::mesh, 2, 2, 2, 2)) ==
        Numbers{0, 1, 5, 4, 2, 3, 7, 6, 10, 11, 15, 14, 8, 9, 13, 12});
}

TEST_CASE("neighbour_order: rings, trees and crossbars in order of their tiles") {
  const Numbers plain = {0, 1, 2, 3, 4, 5};
  CHECK(order_of(chip_of(TopologyKind::ring, 3, 2)) == plain);
  CHECK(order_of(chip_of(TopologyKind::tree, 3, 2)) == plain);
  CHECK(order_of(chip_of(TopologyKind::crossbar, 3, 2)) == plain);
}

TEST_CASE("neighbour_order: a GraphML graph is walked in depth from its first node") {
  CHECK(order_of(graphml_chip(R"(<graphml><graph edgedefault="undirected">
      <node id="a"/><node id="b"/><node id="c"/><node id="d"/>
      <edge source="a" target="c"/><edge source="c" target="d"/><edge source="a" target="b"/>
      </graph></graphml>)")) == Numbers{0, 1, 2, 3});
  CHECK(order_of(graphml_chip(R"(<graphml><graph edgedefault="undirected">
      <node id="a"/><node id="b"/><node id="c"/><node id="d"/>
      <edge source="a" target="c"/><edge source="c" target="b"/><edge source="a" target="d"/>
      </graph></graphml>)")) == Numbers{0, 2, 1, 3});
}

}  // namespace synfire::test
