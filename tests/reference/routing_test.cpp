// SPDX-License-Identifier: Apache-2.0
#include "topology/routing.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/sample_topology.hpp"
#include "tests/support/seed.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

constexpr std::pair<int, int> sizes[] = {{1, 1}, {1, 7}, {5, 1}, {2, 2}, {4, 3}, {8, 4}, {7, 5}};

/// Hops of a route, after checking that its links follow each other from source to destination.
int hops(const Routing& routing, std::uint32_t from, std::uint32_t to) {
  const RouterGraph& graph = routing.graph();
  const Route route = routing.route(CoreId{from}, CoreId{to});
  if (from == to) {
    REQUIRE(route.empty());
    return 0;
  }
  RouterId here = graph.router_of(CoreId{from});
  REQUIRE(route.front().link == graph.injection_link(CoreId{from}));
  for (std::size_t i = 1; i + 1 < route.size(); ++i) {
    const Link& link = graph.links()[index(route[i].link)];
    REQUIRE(link.from == here);
    here = link.to;
  }
  REQUIRE(here == graph.router_of(CoreId{to}));
  REQUIRE(route.back().link == graph.ejection_link(CoreId{to}));
  return static_cast<int>(route.size()) - 2;
}

/// Compares the hops between all pairs of tiles with a formula of their numbers.
template <typename Formula>
void check_hops(const ChipDescription& chip, Formula formula) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  const auto cores = static_cast<int>(graph.core_count());
  for (int from = 0; from < cores; ++from) {
    for (int to = 0; to < cores; ++to) {
      INFO(describe(chip) << ": " << from << " to " << to);
      REQUIRE(hops(*routing, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)) ==
              formula(from, to));
    }
  }
}

/// Hops of a breadth-first search from one router to all; -1 where there is no way.
std::vector<int> breadth_first_hops(const RouterGraph& graph, RouterId from) {
  std::vector<int> hops(graph.router_count(), -1);
  std::vector<RouterId> reached{from};
  hops[index(from)] = 0;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const Link& link : graph.router_links()) {
      if (link.from != reached[i] || hops[index(link.to)] >= 0) continue;
      hops[index(link.to)] = hops[index(reached[i])] + 1;
      reached.push_back(link.to);
    }
  }
  return hops;
}

int ring_distance(int a, int b, int length) {
  const int way = std::abs(a - b);
  return std::min(way, length - way);
}

/// Hops between leaves of a tree: up to the level where their ancestors meet, and down.
int tree_distance(int a, int b, int arity) {
  int levels = 0;
  for (; a != b; ++levels) {
    a /= arity;
    b /= arity;
  }
  return 2 * levels;
}

}  // namespace

TEST_CASE("XY routes on a mesh take the Manhattan distance between all pairs") {
  for (const auto& [width, height] : sizes) {
    const int w = width;
    check_hops(chip_of(TopologyKind::mesh, width, height), [w](int from, int to) {
      return std::abs(from % w - to % w) + std::abs(from / w - to / w);
    });
  }
}

TEST_CASE("XY routes on a torus take the ring distance in each dimension between all pairs") {
  for (const auto& [width, height] : sizes) {
    for (const std::int64_t virtual_channels : {1, 2}) {
      const int w = width;
      const int h = height;
      ChipDescription chip = chip_of(TopologyKind::torus, width, height);
      chip.routing.virtual_channels = virtual_channels;
      check_hops(chip, [w, h](int from, int to) {
        return ring_distance(from % w, to % w, w) + ring_distance(from / w, to / w, h);
      });
    }
  }
}

TEST_CASE("Routes on rings, trees and crossbars have the hops of their formulas") {
  for (const auto& [width, height] : sizes) {
    const int tiles = width * height;
    check_hops(chip_of(TopologyKind::ring, width, height),
               [tiles](int from, int to) { return ring_distance(from, to, tiles); });
    check_hops(chip_of(TopologyKind::crossbar, width, height),
               [](int from, int to) { return from == to ? 0 : 2; });
    for (const int arity : {2, 3, 4}) {
      ChipDescription chip = chip_of(TopologyKind::tree, width, height);
      chip.grid.arity = arity;
      check_hops(chip, [arity](int from, int to) { return tree_distance(from, to, arity); });
    }
  }
}

TEST_CASE("Routes between chips of crossbars and trees cross hubs and roots") {
  check_hops(board_of(TopologyKind::crossbar, 3, 2, 2, 2), [](int from, int to) {
    return from == to ? 0 : from / 4 == to / 4 ? 2 : 3;
  });
  check_hops(board_of(TopologyKind::tree, 3, 1, 4, 1), [](int from, int to) {
    return from / 4 == to / 4 ? tree_distance(from, to, 2) : 2 + 4;
  });
}

TEST_CASE("Shortest paths have the breadth-first distance where all links are alike") {
  for (ChipDescription chip : chips_of_every_topology()) {
    chip.routing.kind = RoutingKind::shortest_path;
    chip.board_link = chip.horizontal;
    const RouterGraph graph = build_graph(chip);
    const auto routing = make_routing(graph, chip);
    for (std::uint32_t from = 0; from < graph.core_count(); from += 2) {
      const std::vector<int> fewest = breadth_first_hops(graph, graph.router_of(CoreId{from}));
      for (std::uint32_t to = 1; to < graph.core_count(); to += 2) {
        INFO(describe(chip) << ": " << from << " to " << to);
        REQUIRE(hops(*routing, from, to) == fewest[index(graph.router_of(CoreId{to}))]);
      }
    }
  }
}

TEST_CASE("Shortest paths on random graphs have the latency that Floyd and Warshall find") {
  constexpr std::uint64_t cases = 60;
  constexpr std::int64_t endless = 1'000'000'000;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    const ChipDescription chip = graphml_chip(random_graphml(seed));
    const RouterGraph graph = build_graph(chip);
    const auto routing = make_routing(graph, chip);
    const std::size_t n = graph.router_count();
    std::vector<std::vector<std::int64_t>> least(n, std::vector<std::int64_t>(n, endless));
    for (std::size_t r = 0; r < n; ++r) least[r][r] = 0;
    for (const Link& link : graph.router_links()) {
      least[index(link.from)][index(link.to)] = description_of(chip, link).latency.count();
    }
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
          least[a][b] = std::min(least[a][b], least[a][k] + least[k][b]);
        }
      }
    }
    for (std::uint32_t from = 0; from < graph.core_count(); ++from) {
      for (std::uint32_t to = 0; to < graph.core_count(); ++to) {
        hops(*routing, from, to);
        std::int64_t latency = 0;
        for (const Channel& channel : routing->route(CoreId{from}, CoreId{to})) {
          const Link& link = graph.links()[index(channel.link)];
          if (link.from != link.to) latency += description_of(chip, link).latency.count();
        }
        REQUIRE(latency ==
                least[index(graph.router_of(CoreId{from}))][index(graph.router_of(CoreId{to}))]);
      }
    }
  }
}

}  // namespace synfire::test
