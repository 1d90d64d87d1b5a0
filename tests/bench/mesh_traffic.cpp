// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/mesh_traffic.hpp"

#include <algorithm>
#include <utility>

#include "sim/random.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t roots_per_core = 16;
constexpr std::int64_t serialization_ticks = 4'000;  // a 32-bit packet at 1 B/ns
constexpr double load = 0.4;

ChipDescription chip_of(const MeshTraffic& traffic) {
  ChipDescription chip = test::network_chip();
  chip.horizontal = chip.vertical = chip.local = {picoseconds(4'100), 8'000};
  chip.flow_control = {traffic.flow_control, 4, picoseconds(4'100)};
  chip.neurocore.input_queue = 4;
  return chip;
}

std::uint32_t draw_tree(RandomStream& random, MeshRun& run, std::uint32_t core,
                        std::uint32_t destinations) {
  std::vector<RoutedDestination> routes;
  while (routes.size() < destinations) {
    const auto to = static_cast<std::uint32_t>(random.below(run.graph.core_count()));
    if (to == core || std::ranges::count(routes, to, &RoutedDestination::second) != 0) continue;
    routes.emplace_back(test::mesh_route(run.graph, CoreId{core}, CoreId{to}, 0), to);
  }
  return append_tree(run.nodes, routes);
}

/// Time between two packets of the whole mesh. Half of all deliveries cross the bisection, which
/// has `side` links a direction.
std::int64_t gap_ticks(const MeshTraffic& traffic) {
  const double crossings = traffic.destinations / 4.0;  // a direction
  return static_cast<std::int64_t>(serialization_ticks * crossings / traffic.side / load);
}

}  // namespace

MeshRun draw_mesh_run(const MeshTraffic& traffic) {
  RandomStream random(1, traffic.side);
  MeshRun run{RouterGraph::mesh(traffic.side, traffic.side, 1), chip_of(traffic), {}, {}};
  const std::uint32_t cores = run.graph.core_count();
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < cores * roots_per_core; ++i) {
    roots.push_back(draw_tree(random, run, i / roots_per_core, traffic.destinations));
  }
  fill_zero_load(run.nodes, link_timings(run.graph, run.chip));
  const std::int64_t gap = gap_ticks(traffic);
  TimePoint now{};
  run.packets.reserve(traffic.packets);
  for (std::size_t i = 0; i < traffic.packets; ++i) {
    now +=
        picoseconds(static_cast<std::int64_t>(random.below(2 * static_cast<std::uint64_t>(gap))));
    const auto root = static_cast<std::uint32_t>(random.below(roots.size()));
    run.packets.push_back({now, root / roots_per_core, roots[root], PacketKind::spike});
  }
  return run;
}

}  // namespace synfire::bench
