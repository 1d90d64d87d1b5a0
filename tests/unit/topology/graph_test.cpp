// SPDX-License-Identifier: Apache-2.0
#include "topology/graph.hpp"

#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"

namespace synfire {
namespace {

Link link(std::uint32_t from, std::uint32_t to) {
  return {RouterId{from}, RouterId{to}, LinkKind::horizontal};
}

std::vector<Router> routers(std::initializer_list<std::uint32_t> cores) {
  std::vector<Router> all;
  for (const std::uint32_t count : cores) all.push_back({.cores = count});
  return all;
}

constexpr std::uint32_t no_error = 999;
constexpr std::uint32_t whole_graph = 998;

/// Router named by the error; whole_graph if it names none, no_error if there is none.
std::uint32_t refused_router(std::vector<Router> all, std::vector<Link> links) {
  try {
    RouterGraph(std::move(all), std::move(links));
  } catch (const TopologyError& error) {
    return error.router.value_or(whole_graph);
  }
  return no_error;
}

}  // namespace

TEST_CASE("RouterGraph: a mesh has the routers, cores and links of its size") {
  const RouterGraph graph = RouterGraph::mesh(3, 2, 4);
  CHECK(graph.router_count() == 6);
  CHECK(graph.core_count() == 24);
  const std::size_t between = 2 * (2 * 2 + 3 * 1);  // both directions
  CHECK(graph.router_links().size() == between);
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
  CHECK_THROWS_AS(RouterGraph::mesh(0, 2, 1), ConfigError);
}

TEST_CASE("RouterGraph: neurocores are numbered router by router, some of which have none") {
  const RouterGraph graph(routers({0, 2, 0, 3}), {link(0, 1), link(1, 0), link(3, 1)});
  CHECK(graph.core_count() == 5);
  CHECK(graph.first_core(RouterId{3}) == CoreId{2});
  CHECK(graph.router_of(CoreId{1}) == RouterId{1});
  CHECK(graph.router_of(CoreId{4}) == RouterId{3});
  CHECK(graph.has_port(RouterId{0}));  // the host
  CHECK(graph.has_port(RouterId{1}));
  CHECK_FALSE(graph.has_port(RouterId{2}));
  CHECK(graph.links_from(RouterId{0}) == std::pair(0U, 1U));
  CHECK(graph.links_from(RouterId{2}) == std::pair(2U, 2U));
  CHECK(graph.links_from(RouterId{3}) == std::pair(2U, 3U));
}

TEST_CASE("RouterGraph: links keep what is their own wherever they end up") {
  Link slow = link(1, 0);
  slow.latency = Duration{7};
  const RouterGraph graph(routers({1, 1}), {slow, link(0, 1)});
  CHECK_FALSE(graph.links()[0].latency.has_value());
  CHECK(graph.links()[1].latency == Duration{7});
}

TEST_CASE("RouterGraph: labels say number and place, or the node's name") {
  const RouterGraph graph({{2, 1, 1, ""}, {0, 0, 1, "north"}}, {link(0, 1), link(1, 0)});
  CHECK(graph.label(RouterId{0}) == "0 (2, 1)");
  CHECK(graph.label(RouterId{1}) == "`north`");
}

TEST_CASE("RouterGraph: links from nowhere, to itself or twice, and cores nowhere are refused") {
  CHECK(refused_router(routers({1, 1}), {link(0, 1), link(1, 0)}) == no_error);
  CHECK(refused_router(routers({1, 1}), {link(0, 2)}) == 0);
  CHECK(refused_router(routers({1, 1}), {link(5, 1)}) == 5);
  CHECK(refused_router(routers({1, 1}), {link(1, 1)}) == 1);
  CHECK(refused_router(routers({1, 1}), {link(1, 0), link(0, 1), link(1, 0)}) == 1);
  CHECK(refused_router(routers({0, 0}), {link(0, 1)}) == whole_graph);
  CHECK(refused_router({}, {}) == whole_graph);
  CHECK(refused_router(routers({RouterGraph::most_cores, 1}), {link(0, 1)}) == whole_graph);
}

TEST_CASE("RouterGraph: a router that cannot reach another is named with it") {
  CHECK_FALSE(
      RouterGraph(routers({1, 1}), {link(0, 1), link(1, 0)}).unreachable_pair().has_value());
  CHECK(RouterGraph(routers({1, 1}), {link(1, 0)}).unreachable_pair() ==
        std::pair(RouterId{0}, RouterId{1}));
  CHECK(RouterGraph(routers({1, 1, 1}), {link(0, 1), link(0, 2), link(1, 0)}).unreachable_pair() ==
        std::pair(RouterId{2}, RouterId{0}));
  // Nobody wants to reach a router that has neither neurocores nor host.
  CHECK_FALSE(RouterGraph(routers({1, 0}), {}).unreachable_pair().has_value());
}

TEST_CASE("RouterGraph: least latency wins, then fewest hops, then the smallest link") {
  // 0 -> 1 -> 3 and 0 -> 2 -> 3 and 0 -> 3
  const RouterGraph graph(routers({1, 1, 1, 1}),
                          {link(0, 1), link(0, 2), link(0, 3), link(1, 3), link(2, 3), link(3, 0)});
  const auto last = [&](std::int64_t a, std::int64_t b, std::int64_t direct) {
    const std::vector<Duration> latency = {Duration{a}, Duration{b}, Duration{direct},
                                           Duration{1}, Duration{1}, Duration{1}};
    return index(graph.shortest_paths(RouterId{0}, latency)[3]);
  };
  CHECK(last(1, 1, 3) == 3);   // both ways of two hops take 2
  CHECK(last(2, 1, 3) == 4);   // over router 2
  CHECK(last(1, 1, 2) == 2);   // as fast directly
  CHECK(last(9, 9, 10) == 2);  // likewise
  // 2 -> 3 directly or over 0, whose last link has the smaller id.
  const RouterGraph detour(routers({1, 1, 1, 1}), {link(0, 3), link(2, 0), link(2, 3)});
  const std::vector<Duration> alike = {Duration{1}, Duration{1}, Duration{2}};
  CHECK(index(detour.shortest_paths(RouterId{2}, alike)[3]) == 2);
  const auto paths = graph.shortest_paths(RouterId{1}, std::vector<Duration>(6, Duration{1}));
  CHECK(paths[1] == no_link);
  const RouterGraph apart(routers({1, 1}), {});
  CHECK(apart.shortest_paths(RouterId{0}, {})[1] == no_link);
}

}  // namespace synfire
