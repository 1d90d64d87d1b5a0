// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_topology.hpp"

#include <numeric>
#include <set>
#include <utility>

#include "sim/random.hpp"

namespace synfire::test {
namespace {

using Ends = std::pair<std::size_t, std::size_t>;

/// Ends of edges that join all nodes, and some more.
std::set<Ends> random_edges(RandomStream& random, std::size_t nodes, bool is_directed) {
  std::vector<std::size_t> order(nodes);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = nodes; i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
  std::set<Ends> edges;
  const auto add = [&](std::size_t a, std::size_t b) {
    if (a == b || (!is_directed && edges.contains({b, a}))) return;
    edges.emplace(a, b);
  };
  for (std::size_t i = 0; i < nodes; ++i) {
    if (is_directed) {
      add(order[i], order[(i + 1) % nodes]);
    } else if (i > 0) {
      add(order[i], order[random.below(i)]);
    }
  }
  const std::uint64_t extra = random.below(2 * nodes);
  for (std::uint64_t i = 0; i < extra; ++i) add(random.below(nodes), random.below(nodes));
  return edges;
}

std::string data(const char* key, const std::string& value) {
  return "<data key=\"" + std::string(key) + "\">" + value + "</data>";
}

}  // namespace

ChipDescription chip_of(TopologyKind topology, std::int64_t width, std::int64_t height,
                        std::int64_t cores_per_tile) {
  ChipDescription chip;
  chip.grid.topology = topology;
  chip.grid.width = width;
  chip.grid.height = height;
  chip.grid.cores_per_tile = cores_per_tile;
  chip.grid.arity = 2;
  chip.horizontal = chip.vertical = chip.local = {Duration{1000}, 8000};
  chip.board_link = {Duration{5000}, 8000};
  const bool is_grid = topology == TopologyKind::mesh || topology == TopologyKind::torus;
  chip.routing.kind = is_grid ? RoutingKind::xy : RoutingKind::shortest_path;
  return chip;
}

ChipDescription board_of(TopologyKind topology, std::int64_t columns, std::int64_t rows,
                         std::int64_t width, std::int64_t height) {
  ChipDescription chip = chip_of(topology, width, height);
  chip.board = {columns, rows};
  return chip;
}

ChipDescription graphml_chip(std::string graphml) {
  ChipDescription chip = chip_of(TopologyKind::graphml, 1, 1);
  chip.grid.graph_file = "sample.graphml";
  chip.grid.graphml = std::move(graphml);
  return chip;
}

std::vector<ChipDescription> chips_of_every_topology() {
  std::vector<ChipDescription> chips;
  for (const TopologyKind topology : {TopologyKind::mesh, TopologyKind::torus, TopologyKind::ring,
                                      TopologyKind::tree, TopologyKind::crossbar}) {
    for (const auto& [width, height] :
         {std::pair{1, 1}, {2, 1}, {1, 3}, {2, 2}, {4, 3}, {5, 6}, {7, 1}}) {
      chips.push_back(chip_of(topology, width, height, 2));
    }
    chips.push_back(board_of(topology, 2, 1, 2, 3));
    chips.push_back(board_of(topology, 3, 2, 2, 2));
    chips.push_back(board_of(topology, 2, 2, 1, 1));
  }
  return chips;
}

std::string random_graphml(std::uint64_t seed) {
  RandomStream random(seed, 7);
  const std::size_t nodes = 1 + random.below(24);
  const bool is_directed = random.below(2) == 0;
  std::string text = R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="c" for="node" attr.name="cores" attr.type="int"><default>1</default></key>
  <key id="k" for="edge" attr.name="kind" attr.type="string"/>
  <key id="l" for="edge" attr.name="latency" attr.type="string"/>
  <key id="b" for="edge" attr.name="bandwidth" attr.type="string"/>
  <graph edgedefault=")" +
                     std::string(is_directed ? "directed" : "undirected") + "\">\n";
  for (std::size_t i = 0; i < nodes; ++i) {
    text += "    <node id=\"n" + std::to_string(i) + "\">";
    if (i > 0 && random.below(3) == 0) text += data("c", std::to_string(random.below(4)));
    text += "</node>\n";
  }
  for (const auto& [source, target] : random_edges(random, nodes, is_directed)) {
    text += "    <edge source=\"n" + std::to_string(source) + "\" target=\"n" +
            std::to_string(target) + "\">";
    if (random.below(4) == 0) text += data("k", random.below(2) == 0 ? "vertical" : "board");
    if (random.below(2) == 0) text += data("l", std::to_string(1 + random.below(3)) + " ns");
    if (random.below(4) == 0) text += data("b", std::to_string(1 + random.below(3)) + " Gb/s");
    text += "</edge>\n";
  }
  return text + "  </graph>\n</graphml>\n";
}

std::string describe(const ChipDescription& chip) {
  return std::string(to_string(chip.grid.topology)) + " " + std::to_string(chip.grid.width) +
         " x " + std::to_string(chip.grid.height) + " on " + std::to_string(chip.board.columns) +
         " x " + std::to_string(chip.board.rows) + " chips";
}

}  // namespace synfire::test
