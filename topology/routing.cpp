// SPDX-License-Identifier: Apache-2.0
#include "topology/routing.hpp"

#include <algorithm>

#include "sim/error.hpp"
#include "topology/shortest_path_routing.hpp"
#include "topology/xy_routing.hpp"

namespace synfire {

Route Routing::route(CoreId from, CoreId to) const {
  if (from == to) return {};
  const RouterId source = graph_->router_of(from);
  Route route = {{graph_->ejection_link(to), 0}};
  for (RouterId here = graph_->router_of(to); here != source;) {
    const Channel channel = arrival(source, here);
    route.push_back(channel);
    here = graph_->links()[index(channel.link)].from;
  }
  route.push_back({graph_->injection_link(from), 0});
  std::ranges::reverse(route);
  return route;
}

std::unique_ptr<Routing> make_routing(const RouterGraph& graph, const ChipDescription& chip) {
  if (chip.routing.kind == RoutingKind::shortest_path) {
    return std::make_unique<ShortestPathRouting>(graph, chip);
  }
  const bool is_torus = chip.grid.topology == TopologyKind::torus;
  if (!is_torus && chip.grid.topology != TopologyKind::mesh) {
    throw ConfigError("routing.kind", "xy needs rows and columns, which a " +
                                          std::string(to_string(chip.grid.topology)) +
                                          " does not have; set routing.kind=shortest_path");
  }
  return std::make_unique<XyRouting>(graph, is_torus ? GridEdges::wrapped : GridEdges::open,
                                     static_cast<std::uint32_t>(chip.routing.virtual_channels));
}

}  // namespace synfire
