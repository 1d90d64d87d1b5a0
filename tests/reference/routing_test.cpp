// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <utility>

#include <catch2/catch.hpp>

#include "topology/graph.hpp"

namespace synfire {

TEST_CASE("XY routes take the Manhattan distance, which is the shortest, between all pairs") {
  const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{1, 1}, {1, 7}, {5, 1}, {4, 3}, {8, 4}};
  for (const auto& [width, height] : sizes) {
    const RouterGraph graph = RouterGraph::mesh(width, height, 1);
    for (std::uint32_t from = 0; from < width * height; ++from) {
      for (std::uint32_t to = 0; to < width * height; ++to) {
        const int manhattan = std::abs(int(from % width) - int(to % width)) +
                              std::abs(int(from / width) - int(to / width));
        const auto route = route_xy(graph, CoreId{from}, CoreId{to});
        INFO(width << " x " << height << ": " << from << " to " << to);
        REQUIRE(int(route.size()) - 2 == manhattan);
        REQUIRE(int(graph.distance(RouterId{from}, RouterId{to})) == manhattan);
        RouterId here{from};
        for (std::size_t i = 1; i + 1 < route.size(); ++i) {
          const Link& link = graph.links()[index(route[i])];
          REQUIRE(link.from == here);
          here = link.to;
        }
        REQUIRE(here == RouterId{to});
      }
    }
  }
}

}  // namespace synfire
