// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "topology/chip.hpp"

namespace synfire {

/// Builds the graph and the routing of a chip and searches them for deadlock.
///
/// Throws  ConfigError naming the key that is to blame, as build_graph, make_routing and
///         check_deadlock_freedom.
void check_topology(const ChipDescription& chip);

}  // namespace synfire
