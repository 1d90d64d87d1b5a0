// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "topology/chip.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// Routers and links of a chip description, over all its chips.
///
/// mesh, torus  one grid of (columns * width) x (rows * height) tiles, router = y * (columns *
///              width) + x; a torus has wrap links in every dimension of 3 tiles or more.
/// ring         all tiles, chip after chip, each row by row; both directions. In drawings the first
///              half goes east on row 0, the second comes back on row 1.
/// tree         per chip width * height leaves that hold the neurocores, above them routers of
///              `arity` children up to a root (hierarchical address-event routing: Park et al.
///              2017, IEEE TNNLS 28(10)). Several chips: router 0 joins the chips' roots. Then chip
///              by chip from the root down, level by level.
/// crossbar     per chip a hub and width * height tiles around it; hubs are linked pairwise. Chip
///              by chip, the hub first.
/// graphml      see parse_graphml.
/// Links with ends on different chips are `board` links.
/// Throws  ConfigError naming the key that is to blame: too many routers, neurocores or
///         links; boards of a GraphML chip; what is wrong in a GraphML file; routers that cannot
///         reach each other.
RouterGraph build_graph(const ChipDescription& chip);

/// Latency and bandwidth of a link: its own, or those of its kind.
LinkDescription description_of(const ChipDescription& chip, const Link& link);

}  // namespace synfire
