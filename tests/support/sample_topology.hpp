// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topology/chip.hpp"

namespace synfire::test {

/// A chip of width x height tiles with routing that fits it, and links of 1 ns (on the chip), 5 ns
/// (between chips) and 8 Gb/s.
ChipDescription chip_of(TopologyKind topology, std::int64_t width, std::int64_t height,
                        std::int64_t cores_per_tile = 1);

/// Likewise over several chips.
ChipDescription board_of(TopologyKind topology, std::int64_t columns, std::int64_t rows,
                         std::int64_t width, std::int64_t height);

/// A chip whose routers and links stand in a GraphML text.
ChipDescription graphml_chip(std::string graphml);

/// One to several sizes of every topology, on one chip and on several.
std::vector<ChipDescription> chips_of_every_topology();

/// 1 to 24 routers, all joined, directed or not, with 0 to 3 neurocores each, some links with
/// kinds, latencies and bandwidths of their own.
std::string random_graphml(std::uint64_t seed);

/// For messages: topology, size and boards.
std::string describe(const ChipDescription& chip);

}  // namespace synfire::test
