// SPDX-License-Identifier: Apache-2.0
#include "topology/graph.hpp"

namespace synfire {

std::vector<LinkId> route_xy(const RouterGraph& graph, CoreId from, CoreId to) {
  std::vector<LinkId> route = {graph.injection_link(from)};
  const RouterId goal = graph.router_of(to);
  const std::uint32_t goal_x = graph.x_of(goal);
  const std::uint32_t goal_y = graph.y_of(goal);
  RouterId here = graph.router_of(from);
  while (here != goal) {
    std::uint32_t x = graph.x_of(here);
    std::uint32_t y = graph.y_of(here);
    if (x != goal_x) {
      x = x < goal_x ? x + 1 : x - 1;
    } else {
      y = y < goal_y ? y + 1 : y - 1;
    }
    const RouterId next = graph.router_at(x, y);
    route.push_back(graph.link_between(here, next));
    here = next;
  }
  route.push_back(graph.ejection_link(to));
  return route;
}

}  // namespace synfire
