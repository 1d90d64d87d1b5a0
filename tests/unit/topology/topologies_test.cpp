// SPDX-License-Identifier: Apache-2.0
#include "topology/topologies.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/sample_topology.hpp"

namespace synfire::test {
namespace {

std::size_t links_of(const RouterGraph& graph, LinkKind kind) {
  return static_cast<std::size_t>(std::ranges::count(graph.links(), kind, &Link::kind));
}

LinkKind kind_between(const RouterGraph& graph, std::uint32_t from, std::uint32_t to) {
  return graph.links()[index(graph.link_between(RouterId{from}, RouterId{to}))].kind;
}

/// Routers that a router has links to.
std::vector<std::uint32_t> neighbours(const RouterGraph& graph, std::uint32_t router) {
  std::vector<std::uint32_t> all;
  const auto [begin, end] = graph.links_from(RouterId{router});
  for (std::uint32_t link = begin; link < end; ++link) {
    all.push_back(index(graph.links()[link].to));
  }
  return all;
}

std::pair<std::uint32_t, std::uint32_t> place(const RouterGraph& graph, std::uint32_t router) {
  return {graph.x_of(RouterId{router}), graph.y_of(RouterId{router})};
}

using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
using Numbers = std::vector<std::uint32_t>;

std::string refused_key(const ChipDescription& chip) {
  try {
    build_graph(chip);
  } catch (const ConfigError& error) {
    return error.key_path;
  }
  return "";
}

}  // namespace

TEST_CASE("build_graph: every topology has its routers, cores and links, each place taken once") {
  for (const ChipDescription& chip : chips_of_every_topology()) {
    INFO(describe(chip));
    const RouterGraph graph = build_graph(chip);
    const auto tiles = chip.board.columns * chip.board.rows * chip.grid.width * chip.grid.height;
    CHECK(graph.core_count() == tiles * chip.grid.cores_per_tile);
    CHECK(std::ranges::count_if(graph.routers(),
                                [](const Router& router) { return router.cores > 0; }) == tiles);
    std::set<std::pair<std::uint32_t, std::uint32_t>> places;
    for (const Router& router : graph.routers()) places.emplace(router.x, router.y);
    CHECK(places.size() == graph.router_count());
    CHECK_FALSE(graph.unreachable_pair().has_value());
    for (const Link& link : graph.router_links()) {
      CHECK_NOTHROW(graph.link_between(link.to, link.from));  // both ways
    }
  }
}

TEST_CASE("build_graph: a mesh over two chips is one grid with board links at the seam") {
  const RouterGraph graph = build_graph(board_of(TopologyKind::mesh, 2, 2, 3, 2));
  CHECK(graph.router_count() == 6 * 4);
  CHECK(links_of(graph, LinkKind::board) == 2 * (4 + 6));  // a column of 4, a row of 6
  CHECK(links_of(graph, LinkKind::horizontal) == 2 * 4 * 4);
  CHECK(links_of(graph, LinkKind::vertical) == 2 * 2 * 6);
  CHECK(kind_between(graph, 2, 3) == LinkKind::board);
  CHECK(kind_between(graph, 1, 2) == LinkKind::horizontal);
  CHECK(kind_between(graph, 6, 12) == LinkKind::board);
  CHECK(kind_between(graph, 0, 6) == LinkKind::vertical);
  CHECK(place(graph, 10) == std::pair(4U, 1U));
}

TEST_CASE("build_graph: a torus has wrap links, of the chip or between chips") {
  const RouterGraph graph = build_graph(chip_of(TopologyKind::torus, 4, 3));
  CHECK(graph.router_links().size() == 4 * 12);
  CHECK(neighbours(graph, 0) == Numbers{1, 3, 4, 8});
  CHECK(kind_between(graph, 3, 0) == LinkKind::horizontal);
  CHECK(kind_between(graph, 0, 8) == LinkKind::vertical);
  const RouterGraph chips = build_graph(board_of(TopologyKind::torus, 2, 1, 2, 3));
  CHECK(kind_between(chips, 0, 3) == LinkKind::board);  // wraps from chip to chip
  CHECK(kind_between(chips, 0, 8) == LinkKind::vertical);
  CHECK(links_of(chips, LinkKind::board) == 2 * 2 * 3);
}

TEST_CASE("build_graph: a torus of two tiles in a dimension has one link each way there") {
  const RouterGraph graph = build_graph(chip_of(TopologyKind::torus, 2, 1));
  CHECK(graph.router_links().size() == 2);
  CHECK(build_graph(chip_of(TopologyKind::torus, 2, 3)).router_links().size() == 3 * 2 + 2 * 6);
}

TEST_CASE("build_graph: a ring goes round all tiles, chip after chip, and is drawn as two rows") {
  const RouterGraph graph = build_graph(board_of(TopologyKind::ring, 2, 1, 2, 2));
  CHECK(graph.router_count() == 8);
  CHECK(graph.router_links().size() == 16);
  CHECK(neighbours(graph, 0) == Numbers{1, 7});
  CHECK(kind_between(graph, 2, 3) == LinkKind::horizontal);
  CHECK(kind_between(graph, 3, 4) == LinkKind::board);
  CHECK(kind_between(graph, 7, 0) == LinkKind::board);
  CHECK(place(graph, 3) == std::pair(3U, 0U));
  CHECK(place(graph, 4) == std::pair(3U, 1U));
  CHECK(place(graph, 7) == std::pair(0U, 1U));
  CHECK(build_graph(chip_of(TopologyKind::ring, 1, 1)).router_links().empty());
  CHECK(build_graph(chip_of(TopologyKind::ring, 2, 1)).router_links().size() == 2);
  CHECK(build_graph(chip_of(TopologyKind::ring, 3, 1)).router_links().size() == 6);
}

TEST_CASE("build_graph: the root of a tree is router 0, its leaves hold the neurocores") {
  ChipDescription chip = chip_of(TopologyKind::tree, 5, 1, 2);
  chip.grid.arity = 2;  // 5 leaves, 3 and 2 inner routers, the root
  const RouterGraph graph = build_graph(chip);
  CHECK(graph.router_count() == 11);
  CHECK(graph.router_links().size() == 2 * 10);
  CHECK(neighbours(graph, 0) == Numbers{1, 2});
  CHECK(neighbours(graph, 1) == Numbers{0, 3, 4});
  CHECK(neighbours(graph, 2) == Numbers{0, 5});
  CHECK(neighbours(graph, 5) == Numbers{2, 10});
  CHECK(graph.router_of(CoreId{0}) == RouterId{6});
  CHECK(graph.router_of(CoreId{9}) == RouterId{10});
  const Places places = {{2, 0}, {1, 1}, {4, 1}, {0, 2}, {2, 2}, {4, 2}, {0, 3}};
  for (std::uint32_t i = 0; i < places.size(); ++i) CHECK(place(graph, i) == places[i]);
  CHECK(links_of(graph, LinkKind::horizontal) == 20);
}

TEST_CASE("build_graph: router 0 joins the trees of several chips by board links") {
  ChipDescription chip = board_of(TopologyKind::tree, 3, 1, 2, 2);
  chip.grid.arity = 4;
  const RouterGraph graph = build_graph(chip);
  CHECK(graph.router_count() == 1 + 3 * 5);
  CHECK(neighbours(graph, 0) == Numbers{1, 6, 11});
  CHECK(neighbours(graph, 6) == Numbers{0, 7, 8, 9, 10});
  CHECK(links_of(graph, LinkKind::board) == 6);
  CHECK(kind_between(graph, 0, 6) == LinkKind::board);
}

TEST_CASE("build_graph: a crossbar has a hub per chip, and hubs are linked pairwise") {
  const RouterGraph graph = build_graph(board_of(TopologyKind::crossbar, 3, 1, 2, 2));
  CHECK(graph.router_count() == 3 * 5);
  CHECK(neighbours(graph, 0) == Numbers{1, 2, 3, 4, 5, 10});
  CHECK(neighbours(graph, 7) == Numbers{5});
  CHECK(links_of(graph, LinkKind::board) == 6);
  CHECK(links_of(graph, LinkKind::horizontal) == 2 * 12);
  CHECK_FALSE(graph.routers()[0].cores > 0);
  CHECK(place(graph, 0) == std::pair(1U, 0U));
  CHECK(place(graph, 8) == std::pair(2U, 2U));
}

TEST_CASE("build_graph: sizes that make no chip are refused by their key") {
  const auto with = [](auto change) {
    ChipDescription chip = chip_of(TopologyKind::tree, 4, 4);
    change(chip);
    return refused_key(chip);
  };
  CHECK(with([](auto&) {}).empty());
  CHECK(with([](auto& chip) { chip.grid.width = 0; }) == "grid.width");
  CHECK(with([](auto& chip) { chip.grid.height = -1; }) == "grid.height");
  CHECK(with([](auto& chip) { chip.grid.arity = 1; }) == "grid.arity");
  CHECK(with([](auto& chip) { chip.board.rows = 1 << 17; }) == "board.rows");
  CHECK(with([](auto& chip) { chip.grid.width = std::int64_t{1} << 62; }) == "grid.width");
  CHECK(with([](auto& chip) { chip.board.columns = 1 << 16; }) == "grid");  // inner routers
  ChipDescription crossbar = board_of(TopologyKind::crossbar, 32, 32, 1, 1);
  crossbar.board.columns = 33;
  CHECK(refused_key(crossbar) == "board.columns");
}

TEST_CASE("description_of: a link has the latency and bandwidth of its kind or its own") {
  ChipDescription chip = chip_of(TopologyKind::mesh, 2, 2);
  chip.vertical = {Duration{3}, 4};
  Link link{RouterId{0}, RouterId{1}, LinkKind::vertical};
  CHECK(description_of(chip, link) == chip.vertical);
  link.latency = Duration{9};
  CHECK(description_of(chip, link) == LinkDescription{Duration{9}, 4});
  link.megabits_per_second = 0;
  CHECK(description_of(chip, link) == LinkDescription{Duration{9}, 0});
  CHECK(description_of(chip, {RouterId{0}, RouterId{1}, LinkKind::board}) == chip.board_link);
  CHECK(description_of(chip, {RouterId{0}, RouterId{0}, LinkKind::ejection}) == chip.local);
}

}  // namespace synfire::test
