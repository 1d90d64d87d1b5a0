// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "topology/graph.hpp"

namespace synfire::detail {

/// Walks the tree of routes from a source to all routers with neurocores or host, each channel
/// once. `arrival(router)` is the channel that enters a router and `link_of(channel)` its link;
/// `visit(first, second)` is told of channels that follow each other.
template <typename Arrival, typename LinkOf, typename Visit>
void visit_route_tree(const RouterGraph& graph, RouterId source, std::vector<bool>& seen,
                      Arrival arrival, LinkOf link_of, Visit visit) {
  seen.assign(graph.router_count(), false);
  seen[index(source)] = true;
  for (std::uint32_t router = 0; router < graph.router_count(); ++router) {
    if (seen[router] || !graph.has_port(RouterId{router})) continue;
    seen[router] = true;
    auto channel = arrival(RouterId{router});
    for (;;) {
      const RouterId before = graph.links()[index(link_of(channel))].from;
      if (before == source) break;
      const auto earlier = arrival(before);
      visit(earlier, channel);
      if (seen[index(before)]) break;
      seen[index(before)] = true;
      channel = earlier;
    }
  }
}

}  // namespace synfire::detail
