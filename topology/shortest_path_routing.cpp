// SPDX-License-Identifier: Apache-2.0
#include "topology/shortest_path_routing.hpp"

#include <algorithm>
#include <string>

#include "sim/error.hpp"
#include "topology/detail/acyclic_dependencies.hpp"
#include "topology/detail/route_tree.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t most_pairs = std::uint64_t{1} << 24;  // of routers: a few seconds

}  // namespace

ShortestPathRouting::ShortestPathRouting(const RouterGraph& graph, const ChipDescription& chip)
    : Routing(graph),
      layer_(graph.router_count(), 0),
      trees_(std::make_unique<Tree[]>(graph.router_count())) {
  for (const Link& link : graph.router_links()) {
    latency_.push_back(description_of(chip, link).latency);
  }
  if (chip.flow_control.kind != FlowControl::credit || chip.routing.virtual_channels < 2) return;
  if (std::uint64_t{graph.router_count()} * graph.router_count() > most_pairs) {
    throw ConfigError("routing.virtual_channels",
                      std::to_string(graph.router_count()) +
                          " routers are too many to find virtual layers for shortest_path; set "
                          "routing.virtual_channels=1 with routing.deadlock_check=off, or "
                          "flow_control.kind=infinite");
  }
  lay_out(static_cast<std::uint32_t>(chip.routing.virtual_channels));
}

void ShortestPathRouting::lay_out(std::uint32_t most_layers) {
  std::vector<detail::AcyclicDependencies> layers;
  std::vector<bool> seen;
  for (std::uint32_t source = 0; source < graph().router_count(); ++source) {
    if (!graph().has_port(RouterId{source})) continue;
    const std::vector<LinkId>& last_link = ways_from(RouterId{source});
    std::vector<ChannelDependencies::Edge> edges;
    detail::visit_route_tree(
        graph(), RouterId{source}, seen, [&](RouterId router) { return last_link[index(router)]; },
        [](LinkId link) { return link; },
        [&](LinkId first, LinkId second) {
          edges.push_back({{first, 0}, {second, 0}});
        });
    std::uint32_t layer = 0;
    for (; layer < most_layers; ++layer) {
      if (layer == layers.size()) layers.emplace_back(graph());
      if (layers[layer].try_insert(edges)) break;
    }
    layer_[source] = static_cast<std::uint8_t>(std::min(layer, most_layers - 1));
    layers_ = std::max(layers_, layer_[source] + 1U);
  }
}

const std::vector<LinkId>& ShortestPathRouting::ways_from(RouterId source) const {
  Tree& tree = trees_[index(source)];
  std::call_once(tree.is_grown, [&] { tree.last_link = graph().shortest_paths(source, latency_); });
  return tree.last_link;
}

Channel ShortestPathRouting::arrival(RouterId source, RouterId router) const {
  return {ways_from(source)[index(router)], layer_[index(source)]};
}

}  // namespace synfire
