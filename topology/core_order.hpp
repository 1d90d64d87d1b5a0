// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/ids.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// All neurocores of a chip's graph in an order in which neighbours follow each other.
///
/// mesh, torus           tile by tile, the rows of tiles alternately eastwards and westwards;
///                       chip by chip likewise
/// ring, tree, crossbar  along the ring, leaf by leaf, tile by tile
/// graphml               depth-first from router 0, smallest LinkId first
std::vector<CoreId> neighbour_order(const ChipDescription& chip, const RouterGraph& graph);

}  // namespace synfire
