// SPDX-License-Identifier: Apache-2.0
#include "topology/topologies.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "topology/graphml.hpp"

namespace synfire {
namespace {

/// Sizes of a chip description that has been checked, as the numbers that routers count with.
struct Sizes {
  std::uint32_t width, height, cores, arity, columns, rows;

  std::uint32_t tiles() const { return width * height; }  ///< of one chip
  std::uint32_t chips() const { return columns * rows; }
};

/// Routers and links of a graph that grows.
struct Plan {
  std::vector<Router> routers;
  std::vector<Link> links;

  std::uint32_t add(std::uint32_t x, std::uint32_t y, std::uint32_t cores) {
    routers.push_back({x, y, cores});
    return static_cast<std::uint32_t>(routers.size() - 1);
  }

  void join(std::uint32_t a, std::uint32_t b, LinkKind kind) {
    links.push_back({RouterId{a}, RouterId{b}, kind});
    links.push_back({RouterId{b}, RouterId{a}, kind});
  }
};

void require(bool is_right, const char* key_path, const std::string& fact) {
  if (!is_right) throw ConfigError(key_path, fact);
}

Sizes checked_sizes(const ChipDescription& chip) {
  const std::pair<const char*, std::int64_t> factors[] = {
      {"grid.width", chip.grid.width},
      {"grid.height", chip.grid.height},
      {"grid.cores_per_tile", chip.grid.cores_per_tile},
      {"board.columns", chip.board.columns},
      {"board.rows", chip.board.rows}};
  std::int64_t cores = 1;
  for (const auto& [key_path, value] : factors) {
    require(value >= 1, key_path, std::to_string(value) + " is below 1; give at least 1");
    require(value <= RouterGraph::most_cores / cores, key_path,
            "makes more than " + std::to_string(RouterGraph::most_cores) +
                " neurocores on all chips together; make the grid or the board smaller");
    cores *= value;
  }
  require(chip.grid.topology != TopologyKind::tree || chip.grid.arity >= 2, "grid.arity",
          std::to_string(chip.grid.arity) + " is below 2; give at least 2 children");
  const auto number = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  return {number(chip.grid.width),
          number(chip.grid.height),
          number(chip.grid.cores_per_tile),
          number(std::min<std::int64_t>(chip.grid.arity, RouterGraph::most_cores)),
          number(chip.board.columns),
          number(chip.board.rows)};
}

/// Joins the routers of a row or column, of which `chip_length` lie on a chip.
void join_line(Plan& plan, const std::vector<std::uint32_t>& line, std::uint32_t chip_length,
               LinkKind kind, bool has_wrap) {
  const auto length = static_cast<std::uint32_t>(line.size());
  const auto kind_between = [&](std::uint32_t i, std::uint32_t j) {
    return i / chip_length == j / chip_length ? kind : LinkKind::board;
  };
  for (std::uint32_t i = 0; i + 1 < length; ++i) {
    plan.join(line[i], line[i + 1], kind_between(i, i + 1));
  }
  if (has_wrap && length > 2) plan.join(line[length - 1], line[0], kind_between(length - 1, 0));
}

Plan plan_grid(const Sizes& sizes, bool has_wrap) {
  const std::uint32_t width = sizes.columns * sizes.width;
  const std::uint32_t height = sizes.rows * sizes.height;
  Plan plan;
  for (std::uint32_t router = 0; router < width * height; ++router) {
    plan.add(router % width, router / width, sizes.cores);
  }
  for (std::uint32_t y = 0; y < height; ++y) {
    std::vector<std::uint32_t> row;
    for (std::uint32_t x = 0; x < width; ++x) row.push_back(y * width + x);
    join_line(plan, row, sizes.width, LinkKind::horizontal, has_wrap);
  }
  for (std::uint32_t x = 0; x < width; ++x) {
    std::vector<std::uint32_t> column;
    for (std::uint32_t y = 0; y < height; ++y) column.push_back(y * width + x);
    join_line(plan, column, sizes.height, LinkKind::vertical, has_wrap);
  }
  return plan;
}

Plan plan_ring(const Sizes& sizes) {
  const std::uint32_t tiles = sizes.tiles() * sizes.chips();
  const std::uint32_t half = (tiles + 1) / 2;
  Plan plan;
  std::vector<std::uint32_t> ring;
  for (std::uint32_t i = 0; i < tiles; ++i) {
    ring.push_back(i < half ? plan.add(i, 0, sizes.cores)
                            : plan.add(tiles - 1 - i, 1, sizes.cores));
  }
  join_line(plan, ring, sizes.tiles(), LinkKind::horizontal, true);
  return plan;
}

/// Sizes of the levels of a chip's tree, root first.
std::vector<std::uint32_t> tree_levels(const Sizes& sizes) {
  std::vector<std::uint32_t> levels = {sizes.tiles()};
  while (levels.back() > 1) levels.push_back((levels.back() + sizes.arity - 1) / sizes.arity);
  std::ranges::reverse(levels);
  return levels;
}

/// Adds a chip's tree, its root at row `top`, its leaves in columns from `left`. In drawings a
/// router stands above the middle of its leaves.
void add_tree(Plan& plan, const Sizes& sizes, std::uint32_t left, std::uint32_t top) {
  const std::vector<std::uint32_t> levels = tree_levels(sizes);
  std::uint32_t above = 0;  // first router of the level above
  for (std::uint32_t level = 0; level < levels.size(); ++level) {
    std::uint64_t leaves = 1;  // below a router of this level that is full
    for (std::uint32_t k = level + 1; k < levels.size(); ++k) leaves *= sizes.arity;
    const bool is_leaf = level + 1 == levels.size();
    const auto first = static_cast<std::uint32_t>(plan.routers.size());
    for (std::uint32_t i = 0; i < levels[level]; ++i) {
      const std::uint64_t last = std::min<std::uint64_t>((i + 1) * leaves, sizes.tiles()) - 1;
      const auto middle = static_cast<std::uint32_t>((i * leaves + last) / 2);
      const std::uint32_t router = plan.add(left + middle, top + level, is_leaf ? sizes.cores : 0);
      if (level > 0) plan.join(above + i / sizes.arity, router, LinkKind::horizontal);
    }
    above = first;
  }
}

Plan plan_tree(const Sizes& sizes) {
  Plan plan;
  const bool has_joint = sizes.chips() > 1;
  if (has_joint) plan.add((sizes.tiles() * sizes.chips() - 1) / 2, 0, 0);
  for (std::uint32_t chip = 0; chip < sizes.chips(); ++chip) {
    const auto root = static_cast<std::uint32_t>(plan.routers.size());
    add_tree(plan, sizes, chip * sizes.tiles(), has_joint ? 1 : 0);
    if (has_joint) plan.join(0, root, LinkKind::board);
  }
  return plan;
}

Plan plan_crossbar(const Sizes& sizes) {
  Plan plan;
  std::vector<std::uint32_t> hubs;
  for (std::uint32_t chip = 0; chip < sizes.chips(); ++chip) {
    const std::uint32_t left = chip % sizes.columns * sizes.width;
    const std::uint32_t top = chip / sizes.columns * (sizes.height + 1);
    const std::uint32_t hub = plan.add(left + sizes.width / 2, top, 0);
    for (std::uint32_t tile = 0; tile < sizes.tiles(); ++tile) {
      plan.join(hub, plan.add(left + tile % sizes.width, top + 1 + tile / sizes.width, sizes.cores),
                LinkKind::horizontal);
    }
    for (const std::uint32_t other : hubs) plan.join(other, hub, LinkKind::board);
    hubs.push_back(hub);
  }
  return plan;
}

RouterGraph built(Plan plan) {
  try {
    return {std::move(plan.routers), std::move(plan.links)};
  } catch (const TopologyError& error) {
    throw ConfigError("grid", error.what());
  }
}

RouterGraph build_from_graphml(const ChipDescription& chip) {
  require(chip.board.columns == 1 && chip.board.rows == 1,
          chip.board.columns == 1 ? "board.rows" : "board.columns",
          "is above 1, but a GraphML file describes all chips; set it to 1 and give edges between "
          "chips the kind `board`");
  require(chip.grid.cores_per_tile >= 1, "grid.cores_per_tile", "is below 1; give at least 1");
  return parse_graphml(chip.grid.graphml, chip.grid.graph_file,
                       static_cast<std::uint32_t>(chip.grid.cores_per_tile));
}

}  // namespace

RouterGraph build_graph(const ChipDescription& chip) {
  if (chip.grid.topology == TopologyKind::graphml) return build_from_graphml(chip);
  const Sizes sizes = checked_sizes(chip);
  switch (chip.grid.topology) {
    case TopologyKind::torus:
      return built(plan_grid(sizes, true));
    case TopologyKind::ring:
      return built(plan_ring(sizes));
    case TopologyKind::tree:
      return built(plan_tree(sizes));
    case TopologyKind::crossbar:
      require(sizes.chips() <= 1024, sizes.columns > sizes.rows ? "board.columns" : "board.rows",
              "makes " + std::to_string(sizes.chips()) +
                  " chips, but a crossbar links at most 1024 pairwise; make the board smaller");
      return built(plan_crossbar(sizes));
    case TopologyKind::mesh:
    case TopologyKind::graphml:
      break;
  }
  return built(plan_grid(sizes, false));
}

RouterGraph RouterGraph::mesh(std::uint32_t width, std::uint32_t height,
                              std::uint32_t cores_per_tile) {
  ChipDescription chip;
  chip.grid = {.width = width, .height = height, .cores_per_tile = cores_per_tile};
  return build_graph(chip);
}

LinkDescription description_of(const ChipDescription& chip, const Link& link) {
  const auto of_kind = [&]() -> const LinkDescription& {
    switch (link.kind) {
      case LinkKind::horizontal:
        return chip.horizontal;
      case LinkKind::vertical:
        return chip.vertical;
      case LinkKind::board:
        return chip.board_link;
      case LinkKind::injection:
      case LinkKind::ejection:
        break;
    }
    return chip.local;
  };
  const LinkDescription& usual = of_kind();
  return {link.latency.value_or(usual.latency),
          link.megabits_per_second.value_or(usual.megabits_per_second)};
}

}  // namespace synfire
