// SPDX-License-Identifier: Apache-2.0
#include "topology/topology_check.hpp"

#include "topology/channel_dependency.hpp"
#include "topology/routing.hpp"
#include "topology/topologies.hpp"

namespace synfire {

void check_topology(const ChipDescription& chip) {
  const RouterGraph graph = build_graph(chip);
  const auto routing = make_routing(graph, chip);
  check_deadlock_freedom(graph, *routing, chip);
}

}  // namespace synfire
