// SPDX-License-Identifier: Apache-2.0
#include "topology/graph.hpp"

#include <tuple>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {

TEST_CASE("RouterGraph: a mesh has the routers, cores and links of its size") {
  const RouterGraph graph = RouterGraph::mesh(3, 2, 4);
  CHECK(graph.router_count() == 6);
  CHECK(graph.core_count() == 24);
  const std::size_t between = 2 * (2 * 2 + 3 * 1);  // both directions
  CHECK(graph.links().size() == between + 2 * (24 + 1));
}

TEST_CASE("RouterGraph: links are ordered by (from, to), then cores, then the host") {
  const RouterGraph graph = RouterGraph::mesh(3, 2, 2);
  const auto links = graph.links();
  for (std::size_t i = 1; i < 14; ++i) {
    CHECK(std::tuple(links[i - 1].from, links[i - 1].to) < std::tuple(links[i].from, links[i].to));
  }
  for (std::uint32_t core = 0; core < 12; ++core) {
    CHECK(index(graph.injection_link(CoreId{core})) == 14 + 2 * core);
    CHECK(index(graph.ejection_link(CoreId{core})) == 14 + 2 * core + 1);
  }
  CHECK(index(graph.injection_link(host_core)) == 14 + 24);
  CHECK(index(graph.ejection_link(host_core)) == 14 + 25);
}

TEST_CASE("RouterGraph: kinds follow the direction, cores hang at their tile, the host at 0") {
  const RouterGraph graph = RouterGraph::mesh(3, 2, 2);
  const auto kind = [&](std::uint32_t from, std::uint32_t to) {
    return graph.links()[index(graph.link_between(RouterId{from}, RouterId{to}))].kind;
  };
  CHECK(kind(0, 1) == LinkKind::horizontal);
  CHECK(kind(4, 1) == LinkKind::vertical);
  CHECK(graph.router_of(CoreId{5}) == RouterId{2});
  CHECK(graph.router_of(host_core) == RouterId{0});
  CHECK(graph.links()[index(graph.ejection_link(CoreId{5}))].kind == LinkKind::ejection);
  CHECK(graph.x_of(RouterId{5}) == 2);
  CHECK(graph.y_of(RouterId{5}) == 1);
}

TEST_CASE("RouterGraph: no link where routers are no neighbours") {
  const RouterGraph graph = RouterGraph::mesh(3, 2, 1);
  CHECK_THROWS_AS(graph.link_between(RouterId{0}, RouterId{2}), TopologyError);
  CHECK_THROWS_AS(graph.link_between(RouterId{2}, RouterId{3}), TopologyError);
  CHECK_THROWS_AS(graph.link_between(RouterId{0}, RouterId{0}), TopologyError);
  CHECK_THROWS_AS(graph.link_between(RouterId{0}, RouterId{99}), TopologyError);
  CHECK_THROWS_AS(graph.distance(RouterId{0}, RouterId{99}), TopologyError);
  CHECK_THROWS_AS(RouterGraph::mesh(0, 2, 1), ConfigError);
}

}  // namespace synfire
