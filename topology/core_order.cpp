// SPDX-License-Identifier: Apache-2.0
#include "topology/core_order.hpp"

#include <cstdint>

namespace synfire {
namespace {

/// Calls visit(column, row) row by row, eastwards in even rows, westwards in odd ones.
template <typename Visit>
void walk_snake(std::int64_t width, std::int64_t height, Visit visit) {
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t i = 0; i < width; ++i) visit(row % 2 == 0 ? i : width - 1 - i, row);
  }
}

std::vector<RouterId> snake_order(const ChipDescription& chip) {
  const std::int64_t width = chip.grid.width;
  const std::int64_t height = chip.grid.height;
  std::vector<RouterId> order;
  walk_snake(chip.board.columns, chip.board.rows, [&](std::int64_t column, std::int64_t row) {
    walk_snake(width, height, [&](std::int64_t x, std::int64_t y) {
      const std::int64_t router =
          (row * height + y) * chip.board.columns * width + column * width + x;
      order.push_back(RouterId{static_cast<std::uint32_t>(router)});
    });
  });
  return order;
}

std::vector<RouterId> depth_first_order(const RouterGraph& graph) {
  std::vector<RouterId> order;
  std::vector<bool> seen(graph.router_count(), false);
  std::vector<RouterId> waiting = {host_router};
  while (!waiting.empty()) {
    const RouterId router = waiting.back();
    waiting.pop_back();
    if (seen[index(router)]) continue;
    seen[index(router)] = true;
    order.push_back(router);
    const auto [begin, end] = graph.links_from(router);
    for (std::uint32_t link = end; link-- > begin;) waiting.push_back(graph.links()[link].to);
  }
  return order;
}

std::vector<RouterId> router_order(const ChipDescription& chip, const RouterGraph& graph) {
  switch (chip.grid.topology) {
    case TopologyKind::mesh:
    case TopologyKind::torus:
      return snake_order(chip);
    case TopologyKind::graphml:
      return depth_first_order(graph);
    case TopologyKind::ring:
    case TopologyKind::tree:
    case TopologyKind::crossbar:
      break;
  }
  std::vector<RouterId> order;
  for (std::uint32_t i = 0; i < graph.router_count(); ++i) order.push_back(RouterId{i});
  return order;
}

}  // namespace

std::vector<CoreId> neighbour_order(const ChipDescription& chip, const RouterGraph& graph) {
  std::vector<CoreId> order;
  order.reserve(graph.core_count());
  for (const RouterId router : router_order(chip, graph)) {
    const std::uint32_t first = index(graph.first_core(router));
    const std::uint32_t cores = graph.routers()[index(router)].cores;
    for (std::uint32_t i = 0; i < cores; ++i) order.push_back(CoreId{first + i});
  }
  return order;
}

}  // namespace synfire
